import { isReplaced } from '../requests/swaps.js'
import { keepsFocus, typeAhead } from './typing-ahead.js'

// [data-shows-what-is-sent]: a morph keeps typed values where the printed value is the same, so each control is set to
// what was printed, except passwords and what was typed meanwhile.

const sent = new WeakMap()
const isCheckable = (control) => control.type === 'radio' || control.type === 'checkbox'
export const stateOf = (control) => (isCheckable(control) ? control.checked : control.value)

document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  const form = ctx.sourceElement
  if (!form?.matches('[data-shows-what-is-sent]')) return
  for (const control of form.elements) sent.set(control, stateOf(control))
})

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  const form = ctx.sourceElement
  if (!form?.matches?.('[data-shows-what-is-sent]') || !isReplaced(ctx, form)) return
  for (const control of form.elements) if (sent.get(control) === stateOf(control)) showPrinted(control)
  const { submitter } = ctx.request
  if (keepsFocus(submitter)) return
  // A default that was set is there to be replaced.
  const { activeElement } = document
  if (submitter?.value.startsWith('set:') && form.contains(activeElement)) activeElement.select?.()
  typeAhead(submitter)
})

export function showPrinted(control) {
  if (control.type === 'password' || control.type === 'hidden') return
  if (isCheckable(control)) {
    control.checked = control.defaultChecked
  } else if (control.matches('select')) {
    const printed = [...control.options].find((option) => option.defaultSelected) ?? control.options[0]
    if (printed) control.value = printed.value
  } else if (control.matches('input, textarea') && control.value !== control.defaultValue) {
    control.value = control.defaultValue
  }
}

// A page from the browser's cache still looks busy.
addEventListener('pageshow', ({ persisted }) => {
  if (!persisted) return
  for (const busy of document.querySelectorAll('.htmx-request')) busy.classList.remove('htmx-request')
  for (const button of document.querySelectorAll('#execute .primary')) button.disabled = false
})

// [data-opens-at-once]: a link to a dialog. It may have been ready before this module.
const readyLinks = document.querySelectorAll('[data-opens-at-once][data-htmx-powered]')
document.addEventListener('htmx:after:init', ({ target }) => {
  if (target.matches?.('[data-opens-at-once]')) target.click()
})
for (const link of readyLinks) link.click()
