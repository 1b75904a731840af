// [data-plot]: what the pointer, a finger or an arrow key is at is read out above it. The words are those of its table.

const steps = { ArrowLeft: -1, ArrowRight: 1, Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY }

/** The plot that is read out, the row, and whether by the keyboard. */
let shown

const readoutOf = (plot) => document.querySelector(`[data-readout="${plot.id}"]`)
const slotsOf = (plot) => [...plot.querySelectorAll('.slot')]
const isVisible = (slot) => slot.getClientRects().length > 0
const rowsOf = (plot) => document.querySelector(`[data-plot-table="${plot.id}"]`)?.tBodies[0].rows ?? []

function element(name, className, text) {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text
  return made
}

function wordsOf(row) {
  const table = row.closest('table')
  const heads = table.tHead.rows[0].cells
  const words = [...row.cells].slice(1).flatMap((cell, index) => {
    const { word, tone, silent } = heads[index + 1].dataset
    const text = cell.textContent
    if (silent !== undefined || text === '' || text === '0' || text === '–') return []
    const key = element('span', 'key', word ? `${text} ${word}` : text)
    if (tone) key.prepend(element('i', tone, ''))
    return [key]
  })
  if (words.length === 0) words.push(element('span', 'key', table.dataset.none))
  return [element('strong', '', row.cells[0].textContent), ...words]
}

function markAt(plot, slot) {
  for (const one of plot.querySelectorAll('.slot.lit')) if (one !== slot) one.classList.remove('lit')
  slot?.classList.add('lit')
  const [cross, dot] = [plot.querySelector('.cross'), plot.querySelector('.dot')]
  const box = slot?.getBoundingClientRect()
  const all = plot.getBoundingClientRect()
  const x = box && `${((box.left + box.width / 2 - all.left) / all.width) * 100}%`
  if (cross) {
    cross.toggleAttribute('hidden', !slot)
    if (x) for (const name of ['x1', 'x2']) cross.setAttribute(name, x)
  }
  if (!dot) return
  dot.toggleAttribute('hidden', !slot?.dataset.y)
  if (x) dot.setAttribute('cx', x)
  if (slot?.dataset.y) dot.setAttribute('cy', slot.dataset.y)
}

function read(plot, index, isByKey) {
  const slot = slotsOf(plot)[index]
  const row = rowsOf(plot)[index]
  if (!slot || !row) return
  if (shown && shown.plot !== plot) hide()
  const readout = readoutOf(plot)
  const words = wordsOf(row)
  // What has not changed is not announced again.
  if (readout.textContent !== words.map((one) => one.textContent).join('')) readout.replaceChildren(...words)
  markAt(plot, slot)
  shown = { plot, when: row.cells[0].textContent, index, isByKey }
}

function hide() {
  if (!shown) return
  const { plot } = shown
  shown = undefined
  readoutOf(plot)?.replaceChildren()
  markAt(plot)
}

const plotOf = (event) => event.target.closest?.('[data-plot]')

// A finger keeps the element that it began on, and between two slots there may be a gap, so the slot is looked up.
function readAt(event) {
  const plot = plotOf(event)
  if (!plot) return !shown?.isByKey && hide()
  const index = slotsOf(plot).findIndex(
    (slot) => isVisible(slot) && slot.getBoundingClientRect().right >= event.clientX,
  )
  if (index >= 0) read(plot, index, false)
}

document.addEventListener('pointermove', readAt)
document.addEventListener('pointerdown', readAt)

document.addEventListener('focusin', (event) => {
  const plot = plotOf(event)
  if (plot?.matches(':focus-visible')) read(plot, slotsOf(plot).length - 1, true)
})

document.addEventListener('focusout', (event) => {
  if (plotOf(event)) hide()
})

document.addEventListener('keydown', (event) => {
  const plot = plotOf(event)
  if (!plot || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'Escape') return hide()
  const slots = slotsOf(plot)
  const at = shown?.plot === plot ? shown.index : slots.length - 1
  if (event.key === 'Enter') return follow(slots[at], event)
  if (steps[event.key] === undefined) return
  event.preventDefault()
  const next = Math.min(slots.length - 1, Math.max(slots.findIndex(isVisible), at + steps[event.key]))
  read(plot, next, true)
})

function follow(slot, event) {
  if (!slot?.hasAttribute('href')) return
  event.preventDefault()
  slot.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, view: window }))
}

/** Links are reached by arrow keys, the plot by Tab. */
function prepare() {
  for (const link of document.querySelectorAll('[data-plot] a')) link.setAttribute('tabindex', '-1')
}

prepare()

document.addEventListener('htmx:after:swap', () => {
  prepare()
  if (!shown) return
  const { plot, when, isByKey } = shown
  const index = plot.isConnected ? [...rowsOf(plot)].findIndex((row) => row.cells[0].textContent === when) : -1
  if (index < 0) return hide()
  read(plot, index, isByKey)
})
