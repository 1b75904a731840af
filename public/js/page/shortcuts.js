// g and a [data-key] follow that link; a [data-shortcut] is pressed by its key; / goes to the search of the page, or to the
// palette; ? opens the help; Ctrl or Cmd and Enter sends the form.

import { openPalette } from '../palette/palette.js'

const sequenceMs = 1500
let goUntil = 0

document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) {
    event.target.closest('form')?.requestSubmit()
    return
  }
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    keepsKeys(event.target) ||
    document.querySelector('dialog[open]')
  )
    return
  if (event.key === '/') {
    event.preventDefault()
    search()
  } else if (event.key === '?') document.getElementById('help').showModal()
  else if (event.key === 'g') goUntil = event.timeStamp + sequenceMs
  else if (event.timeStamp < goUntil) linkTo(event.key)?.click()
  else press(event)
})

/** What it opens may have a field that would take the letter in. */
function press(event) {
  const control = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`)
  if (!control) return
  event.preventDefault()
  control.click()
}

const linkTo = (key) => document.querySelector(`[data-key="${CSS.escape(key)}"]`)

function searchField() {
  const field = document.getElementById('search')
  return field?.checkVisibility() ? field : undefined
}

function search() {
  const field = searchField()
  if (!field) return openPalette()
  field.focus()
  field.select()
}

if (location.hash === '#search') searchField()?.focus()

/** Letters typed in a field, or in a menu that is open, are no commands. */
export function keepsKeys(element) {
  return isTyping(element) || element.closest('details[open]:is(.menu, .menu-holder), [popover]') !== null
}

/** A field keeps the focus for a moment after its dialog has closed. */
export function isTyping(element) {
  const isField = element.matches('input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]')
  return isField && element.checkVisibility()
}

/** Whether a letter is a command to the list: no dialog, menu or field takes it. */
export function isForRows(event) {
  return !(
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.defaultPrevented ||
    keepsKeys(event.target) ||
    document.querySelector('dialog[open]')
  )
}
