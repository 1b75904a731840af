import { moveTo } from '../page/focus.js'
import { isForRows } from '../page/shortcuts.js'
import { closePeek, isPeeking, peek } from './peek.js'
import { toggle } from './selection.js'

// tr.run: all of the row opens the run, and its text can still be selected. J and K move, X selects, Space peeks,
// Enter opens; on a touch screen a long press selects.

const longPressMs = 500
const interactive = 'a, button, input, label, summary, select, textarea'
const rows = () => [...document.querySelectorAll('tr.run')]
const linkOf = (row) => row.querySelector('a.open')
const boxOf = (row) => row.querySelector('input[name="run"]')
const isSelecting = () => document.getElementById('selecting')?.checked

document.addEventListener('click', (event) => {
  const row = event.target.closest?.('tr.run')
  if (!row || event.defaultPrevented) return
  if (isSelecting() && !event.target.closest('.c-tick')) {
    event.preventDefault()
    toggle(boxOf(row))
  } else if (!event.target.closest(interactive) && getSelection().isCollapsed) {
    const { ctrlKey, metaKey, shiftKey } = event
    linkOf(row).dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }))
  }
})

// Without what it says twice, the page is a tenth lighter.
document.addEventListener('pointerover', ({ target }) => {
  const line = target.closest?.('.runs .c-workflow > div:not([title])')
  if (line && line.scrollWidth > line.clientWidth) line.title = line.textContent
})

const keys = {
  j: (row) => move(row, 1),
  k: (row) => move(row, -1),
  x: (row) => toggle(row && boxOf(row)),
  ' ': (row) => row && (isPeeking(row) ? closePeek() : peek(row)),
  Enter: (row) => row && linkOf(row).click(),
}

document.addEventListener('keydown', (event) => {
  const { target } = event
  const key = keys[event.key]
  if (!key || !isForRows(event) || !document.querySelector('[data-run-list]')) return
  const row = target.closest('tr.run')
  const isOwn = event.key === ' ' || event.key === 'Enter'
  if (isOwn && target !== row && !(event.key === ' ' && row && target.matches('a.open'))) return
  event.preventDefault()
  key(row)
})

function move(row, step) {
  const next = moveTo(rows(), row, step)
  if (next && document.getElementById('peek')?.hidden === false) peek(next)
}

let press
const cancelPress = () => clearTimeout(press)

document.addEventListener('pointerdown', ({ target, pointerType }) => {
  cancelPress()
  const row = pointerType === 'touch' && target.closest?.('tr.run')
  if (!row || isSelecting()) return
  press = setTimeout(() => {
    document.getElementById('selecting').checked = true
    toggle(boxOf(row))
    // The finger is still on the row: lifting it must not open the run.
    addEventListener('click', (event) => event.preventDefault(), { once: true, capture: true })
  }, longPressMs)
})
for (const end of ['pointerup', 'pointercancel', 'scroll', 'dragstart'])
  document.addEventListener(end, cancelPress, true)

document.addEventListener('contextmenu', (event) => {
  if (event.pointerType === 'touch' && event.target.closest('tr.run')) event.preventDefault()
})

document.addEventListener('reset', ({ target }) => {
  const selecting = document.getElementById('selecting')
  if (target.matches('[data-bulk]') && selecting) selecting.checked = false
})
