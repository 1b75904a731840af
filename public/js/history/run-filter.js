import { showPrinted, stateOf } from '../forms/execute-form.js'
import { isReplaced } from '../requests/swaps.js'

// [data-filter]: after a morph its controls show what the server printed, but not after a poll, and not what was
// changed meanwhile.

const before = new WeakMap()
const filterOf = ({ target }) => target?.querySelector?.('[data-filter]')
const polls = new WeakSet()

document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
  // After the swap a removed link is reported as the region itself.
  if (ctx.sourceElement.matches('[data-polls]')) polls.add(ctx)
  else for (const control of filterOf(ctx)?.elements ?? []) before.set(control, stateOf(control))
})

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  const filter = document.querySelector('[data-filter]')
  if (!filter || polls.has(ctx) || !isReplaced(ctx, filter)) return
  for (const control of filter.elements) if (before.get(control) === stateOf(control)) showPrinted(control)
})

// A suggestion is a change in Chromium at once, in Firefox on blur.
const typing = /^(insertText|insertComposition|insertFrom|delete|history)/
document.addEventListener('input', ({ target, inputType = '' }) => {
  if (!target.list || typing.test(inputType) || !target.closest('[data-filter]')) return
  const isChosen = [...target.list.options].some(({ value }) => value === target.value)
  if (isChosen) target.dispatchEvent(new Event('change', { bubbles: true }))
})

// A control elsewhere on the page that belongs to the form.
document.addEventListener('change', ({ target }) => {
  const { form } = target
  if (form?.matches('[data-filter]') && !form.contains(target)) form.dispatchEvent(new Event('change'))
})

document.addEventListener('click', ({ target }) => {
  const menu = target.closest('a.option')?.closest('.menu-holder')
  if (menu) menu.open = false
})
