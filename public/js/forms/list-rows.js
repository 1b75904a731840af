import { isPlainEnter } from './one-line.js'

// [data-rows]: Enter or a comma at the end begins a new row, pasted lines become rows. A blank new row is not sent.

const rowOf = (target) => target.closest?.('[data-rows] .row')
const controlOf = (row) => row.querySelector('input, textarea, select')
const isAtEnd = ({ value, selectionStart, selectionEnd }) =>
  selectionStart === value.length && selectionEnd === value.length

function addRow(row) {
  const next = row.cloneNode(true)
  next.dataset.begun = ''
  const control = controlOf(next)
  for (const name of ['aria-invalid', 'aria-describedby', 'autofocus']) control.removeAttribute(name)
  if (control.matches('textarea')) control.textContent = ''
  else control.removeAttribute('value')
  control.value = ''
  row.after(next)
  number(row.parentElement)
  return control
}

function number(list) {
  const { rows: id, pointer, name } = list.dataset
  for (const [index, row] of [...list.querySelectorAll('.row')].entries()) {
    row.id = `${id}-row-${index}-row`
    const control = controlOf(row)
    control.id = `${id}-row-${index}`
    control.setAttribute('aria-label', `${name}, item ${index + 1}`)
    const button = row.querySelector('button')
    button.value = `remove:${pointer}/${index}`
    button.setAttribute('aria-label', `Remove item ${index + 1} of ${name}`)
  }
}

function typed(control) {
  control.dispatchEvent(new Event('input', { bubbles: true }))
}

document.addEventListener('keydown', (event) => {
  const { target } = event
  const row = rowOf(target)
  if (!row || !target.matches('input, textarea') || !isPlainEnter(event)) return
  if (target.value.includes('\n')) return
  event.preventDefault()
  if (target.value !== '') addRow(row).focus()
})

document.addEventListener('beforeinput', (event) => {
  const { target, data, isComposing } = event
  const row = rowOf(target)
  if (!row || data !== ',' || isComposing || target.type === 'password' || !isAtEnd(target)) return
  event.preventDefault()
  if (target.value !== '') addRow(row).focus()
})

document.addEventListener('paste', (event) => {
  const { target, clipboardData } = event
  const row = rowOf(target)
  const lines = clipboardData
    .getData('text')
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '')
  if (!row || !target.matches('input, textarea') || lines.length < 2) return
  event.preventDefault()
  const [first, ...rest] = lines
  target.setRangeText(first, target.selectionStart, target.selectionEnd, 'end')
  let control = target
  for (const line of rest) {
    control = addRow(rowOf(control))
    control.value = line
  }
  control.focus()
  typed(control)
})

document.addEventListener(
  'submit',
  ({ target, submitter }) => {
    for (const row of target.querySelectorAll('[data-begun]')) {
      if (controlOf(row).value !== '' || row.contains(submitter)) continue
      const list = row.parentElement
      row.remove()
      number(list)
    }
  },
  { capture: true },
)
