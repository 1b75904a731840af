import { keepsKeys } from '../page/shortcuts.js'

// [data-bulk]: the bar of actions for selected runs. Shift selects a range, a leads to the actions, Esc clears.

const boxes = () => [...document.querySelectorAll('input[name="run"][form="bulk"]')]
const bar = () => document.querySelector('[data-bulk]')
let lastSelected

/** All that match are more than the rows: single ones cannot be taken out. */
function updateRows(isAll, wasAll) {
  for (const box of boxes()) {
    if (isAll || wasAll) box.checked = isAll
    box.disabled = isAll
  }
}

let wasAll = false

function update() {
  const form = bar()
  if (!form) return
  const every = form.elements.all
  if (every.checked || wasAll) updateRows(every.checked, wasAll)
  wasAll = every.checked
  const all = boxes()
  const selected = all.filter((box) => box.checked).length
  for (const box of all) box.closest('tr').classList.toggle('chosen', box.checked)
  const head = document.querySelector('[data-selects-all]')
  if (head) {
    head.checked = selected > 0 && selected === all.length
    head.indeterminate = selected > 0 && selected < all.length
  }
  const text = every.checked ? 'All pages' : `${selected} selected`
  const count = form.querySelector('[data-selected-count]')
  if (count.textContent !== text) count.textContent = text
  form.querySelector('[data-needs-two]').hidden = every.checked || selected !== 2
}

export function toggle(box) {
  if (!box || box.disabled) return
  box.checked = !box.checked
  box.dispatchEvent(new Event('change', { bubbles: true }))
}

// Firefox ignores a label that is pressed with Shift.
document.addEventListener('click', (event) => {
  const box = event.shiftKey && event.target.closest('.c-tick label')?.control
  if (!box || event.target === box) return
  event.preventDefault()
  box.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey: true }))
})

document.addEventListener('click', (event) => {
  const box = event.target.closest('input[name="run"][form="bulk"]')
  if (!box) return
  const all = boxes()
  if (event.shiftKey && lastSelected?.isConnected) {
    const [from, to] = [all.indexOf(lastSelected), all.indexOf(box)].sort((a, b) => a - b)
    for (const between of all.slice(from, to + 1)) between.checked = box.checked
  }
  lastSelected = box
})

document.addEventListener('change', ({ target }) => {
  if (target.matches('[data-selects-all]')) for (const box of boxes()) box.checked = target.checked
  if (target.matches('[data-selects-all], [form="bulk"], [data-bulk] input')) update()
})

document.addEventListener('reset', ({ target }) => {
  if (target.matches('[data-bulk]')) setTimeout(update)
})

document.addEventListener('keydown', (event) => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented
  if (!isPlain || keepsKeys(event.target) || document.querySelector('dialog[open]')) return
  if (!boxes().some((box) => box.checked)) return
  if (event.key === 'a') [...bar().querySelectorAll('button')].find((button) => !button.hidden).focus()
  else if (event.key === 'Escape') bar().reset()
})

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  update()
  const { id } = ctx.sourceElement
  if (id.startsWith('bulk-job-') && document.getElementById(id)?.matches(':not([data-polls])')) {
    window.htmx.trigger('#runs', 'refresh')
  }
})
update()
