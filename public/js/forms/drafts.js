import { dropDraft, keepDraft, readDraft } from './draft-store.js'
// Has to listen first.
import './execute-form.js'
import { isReplaced } from '../requests/swaps.js'

// [data-draft=name]: a form whose draft survives closing and reloading, without passwords and [data-not-kept].

const selector = 'form[data-draft]'
const blank = new WeakMap()
const restoring = new WeakMap()

const isSecret = (control) => control.type === 'password' || control.matches('[data-not-kept]')
const isBegun = (control) => control.value === '' && control.closest('[data-begun]')
const isKept = (control) => control.name && !control.matches('button') && !isBegun(control)
const isCheckable = (control) => control.type === 'radio' || control.type === 'checkbox'

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

const textOf = (entries) => JSON.stringify(entries.filter(([name]) => !['token', 'schema', 'draft'].includes(name)))

function keep(form) {
  // JSON may hold passwords: the draft stays what it was before.
  if (!blank.has(form) || restoring.has(form) || form.elements.json?.matches('[data-not-kept]')) return
  const entries = entriesOf(form)
  if (textOf(entries) === blank.get(form)) dropDraft(form.dataset.draft)
  else keepDraft(form.dataset.draft, entries)
}

/** No draft replaces a form that a link or a run filled in. */
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

// The form may have been ready before this module.
const printed = document.querySelector(selector)
if (printed?.matches('[data-htmx-powered]')) open(printed, location.search)
document.addEventListener('htmx:after:init', ({ target }) => {
  if (target.matches?.(selector) && !blank.has(target) && target.closest('main')) open(target, location.search)
})
