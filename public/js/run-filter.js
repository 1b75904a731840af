import { showPrinted, stateOf } from './execute-form.js'
import { isReplaced } from './swaps.js'

// [data-filter]: the filter of a list, inside of the region that it filters. After a morph its controls are set to what
// the server printed, also those that a morph leaves as they were touched; but not by a poll, and not what was changed
// while the request was under way.

const before = new WeakMap()
const filterOf = ({ target }) => target?.querySelector?.('[data-filter]')
const polls = new WeakSet()

document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
  // After the swap a link that is gone by then stands as the region itself, as if that had asked.
  if (ctx.sourceElement.matches('[data-polls]')) polls.add(ctx)
  else for (const control of filterOf(ctx)?.elements ?? []) before.set(control, stateOf(control))
})

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  const filter = document.querySelector('[data-filter]')
  if (!filter || polls.has(ctx) || !isReplaced(ctx, filter)) return
  for (const control of filter.elements) if (before.get(control) === stateOf(control)) showPrinted(control)
})

// Choosing from the suggestions of a field is a change in Chromium at once, in Firefox only when the field is left.
const typing = /^(insertText|insertComposition|insertFrom|delete|history)/
document.addEventListener('input', ({ target, inputType = '' }) => {
  if (!target.list || typing.test(inputType) || !target.closest('[data-filter]')) return
  const isChosen = [...target.list.options].some(({ value }) => value === target.value)
  if (isChosen) target.dispatchEvent(new Event('change', { bubbles: true }))
})

// A choice of a menu that is a link has been made: the menu is done.
document.addEventListener('click', ({ target }) => {
  const menu = target.closest('a.option')?.closest('details.menu')
  if (menu) menu.open = false
})
