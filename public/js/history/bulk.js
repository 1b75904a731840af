import { isTyping } from '../page/shortcuts.js'

// [data-bulk]: the form of bulk actions. Shift selects a range; the key a leads to the actions.

const boxes = () => [...document.querySelectorAll('input[name="run"][form="bulk"]')]
let lastSelected

function update() {
  const form = document.querySelector('[data-bulk]')
  if (!form) return
  const all = boxes()
  const selected = all.filter((box) => box.checked).length
  const head = document.querySelector('[data-selects-all]')
  if (head) {
    head.checked = selected > 0 && selected === all.length
    head.indeterminate = selected > 0 && selected < all.length
  }
  const every = form.elements.all
  if (selected === 0) every.checked = false
  const text = every.checked ? 'All pages' : `${selected} ${selected === 1 ? 'run' : 'runs'} ticked`
  const count = form.querySelector('[data-selected-count]')
  if (count.textContent !== text) count.textContent = text
  form.querySelector('[data-needs-two]').hidden = every.checked || selected !== 2
}

// Firefox ignores a label that is pressed with Shift.
document.addEventListener('click', (event) => {
  const box = event.shiftKey && event.target.closest('.select-run')?.control
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
  const isShortcut = event.key === 'a' && !event.ctrlKey && !event.metaKey && !event.altKey
  if (!isShortcut || isTyping(event.target) || document.querySelector('dialog[open]')) return
  if (boxes().some((box) => box.checked)) document.querySelector('[data-bulk] button').focus()
})

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  update()
  const { id } = ctx.sourceElement
  if (id.startsWith('bulk-job-') && document.getElementById(id)?.matches(':not([data-polls])')) {
    window.htmx.trigger('#runs', 'refresh')
  }
})
update()
