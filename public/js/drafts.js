import { dropDraft, keepDraft, readDraft } from './draft-store.js'
// What is printed is shown before it is kept.
import './execute-form.js'
import { isReplaced } from './swaps.js'

// [data-draft=name]: a form of which a draft is kept while it is filled in, for anyone who closes it, reloads the page or
// goes elsewhere. The server makes the form of a draft, as it does everything about the form. Passwords are left
// blank in it, and so is what may hold some ([data-not-kept]). [data-discards-draft] in the form throws it away.

const selector = 'form[data-draft]'
const blank = new WeakMap()
const restoring = new WeakMap()

const isSecret = (control) => control.type === 'password' || control.matches('[data-not-kept]')
const isBegun = (control) => control.value === '' && control.closest('[data-begun]')
const isKept = (control) => control.name && !control.matches('button') && !isBegun(control)
const isCheckable = (control) => control.type === 'radio' || control.type === 'checkbox'

/** What a form would send, as it is or as it was printed. */
function entriesOf(form, isPrinted = false) {
  return [...form.elements].filter(isKept).flatMap((control) => {
    if (isCheckable(control) && !(isPrinted ? control.defaultChecked : control.checked)) return []
    if (isSecret(control)) return [[control.name, '']]
    return [[control.name, isPrinted ? printedValue(control) : control.value]]
  })
}

function printedValue(control) {
  if (!control.matches('select')) return isCheckable(control) ? control.value : control.defaultValue
  return ([...control.options].find((option) => option.defaultSelected) ?? control.options[0])?.value
}

/** What was filled in; which form it is, and that it is a draft, is not. */
const textOf = (entries) => JSON.stringify(entries.filter(([name]) => !['token', 'schema', 'draft'].includes(name)))

function keep(form) {
  // Of JSON that may hold passwords the draft is what it was before it was JSON.
  if (!blank.has(form) || restoring.has(form) || form.elements.json?.matches('[data-not-kept]')) return
  const entries = entriesOf(form)
  if (textOf(entries) === blank.get(form)) dropDraft(form.dataset.draft)
  else keepDraft(form.dataset.draft, entries)
}

/** Of a form that is filled in already, by a link or from a run, no draft takes the place. */
function open(form, address) {
  blank.set(form, textOf(entriesOf(form, true)))
  const entries = address.includes('?') ? undefined : readDraft(form.dataset.draft)
  if (!entries) return
  restoring.set(form, entries)
  window.htmx.trigger(form, 'submit')
}

for (const type of ['input', 'change']) {
  document.addEventListener(type, ({ target }) => {
    if (target.form?.matches(selector)) keep(target.form)
  })
}

document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  const entries = restoring.get(ctx.sourceElement)
  if (!entries) return
  const body = new FormData()
  for (const [name, value] of entries) body.append(name, value)
  body.append('draft', '1')
  body.append('op', 'restore')
  ctx.request.body = body
})

document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
  const form = ctx.sourceElement
  if (form.matches(selector) && ctx.response.headers.has('hx-redirect')) dropDraft(form.dataset.draft)
})

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  const form = document.querySelector(selector)
  if (!form) return
  if (!blank.has(form)) open(form, ctx.request.action)
  else if (isReplaced(ctx, form)) {
    restoring.delete(form)
    keep(form)
  }
})

document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => restoring.delete(ctx.sourceElement))

document.addEventListener('click', ({ target }) => {
  const form = target.closest('[data-discards-draft]')?.closest(selector)
  if (form) dropDraft(form.dataset.draft)
})

// On a page of its own the form may have been ready before this module was.
const printed = document.querySelector(selector)
if (printed?.matches('[data-htmx-powered]')) open(printed, location.search)
document.addEventListener('htmx:after:init', ({ target }) => {
  if (target.matches?.(selector) && !blank.has(target) && target.closest('main')) open(target, location.search)
})
