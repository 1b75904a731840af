import { isTyping } from './shortcuts.js'

// [data-bulk]: the form for what is done to many runs. Its bar stands above the list while a run is ticked.
// [data-ticks-all] ticks every run of the page. [data-ticked] says how many are ticked. Shift ticks those in between; the
// key a leads to what can be done with them.

const boxes = () => [...document.querySelectorAll('input[name="run"][form="bulk"]')]
let lastTicked

function tell() {
  const form = document.querySelector('[data-bulk]')
  if (!form) return
  const all = boxes()
  const ticked = all.filter((box) => box.checked).length
  const head = document.querySelector('[data-ticks-all]')
  if (head) {
    head.checked = ticked > 0 && ticked === all.length
    head.indeterminate = ticked > 0 && ticked < all.length
  }
  const every = form.elements.all
  if (ticked === 0) every.checked = false
  const text = every.checked ? 'All pages' : `${ticked} ${ticked === 1 ? 'run' : 'runs'} ticked`
  const count = form.querySelector('[data-ticked]')
  if (count.textContent !== text) count.textContent = text
  form.querySelector('[data-needs-two]').hidden = every.checked || ticked !== 2
}

// Firefox does nothing when a label is pressed with Shift: then its box is pressed, here as in every browser.
document.addEventListener('click', (event) => {
  const box = event.shiftKey && event.target.closest('.tick')?.control
  if (!box || event.target === box) return
  event.preventDefault()
  box.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey: true }))
})

document.addEventListener('click', (event) => {
  const box = event.target.closest('input[name="run"][form="bulk"]')
  if (!box) return
  const all = boxes()
  if (event.shiftKey && lastTicked?.isConnected) {
    const [from, to] = [all.indexOf(lastTicked), all.indexOf(box)].sort((a, b) => a - b)
    for (const between of all.slice(from, to + 1)) between.checked = box.checked
  }
  lastTicked = box
})

document.addEventListener('change', ({ target }) => {
  if (target.matches('[data-ticks-all]')) for (const box of boxes()) box.checked = target.checked
  if (target.matches('[data-ticks-all], [form="bulk"], [data-bulk] input')) tell()
})

document.addEventListener('reset', ({ target }) => {
  if (target.matches('[data-bulk]')) setTimeout(tell)
})

document.addEventListener('keydown', (event) => {
  const isMeant = event.key === 'a' && !event.ctrlKey && !event.metaKey && !event.altKey
  if (!isMeant || isTyping(event.target) || document.querySelector('dialog[open]')) return
  if (boxes().some((box) => box.checked)) document.querySelector('[data-bulk] button').focus()
})

// After a refresh the rows may be others. What has come to its end has changed them.
document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  tell()
  const { id } = ctx.sourceElement
  if (id.startsWith('bulk-job-') && document.getElementById(id)?.matches(':not([data-polls])')) {
    window.htmx.trigger('#runs', 'refresh')
  }
})
tell()
