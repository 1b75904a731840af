// Has to listen first: it removes the errors.
import '../requests/errors.js'

// [data-fixes=n]: the line that leads to the inputs with an error. An input that was changed leaves it.

document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-fix]')
  const target = link && document.querySelector(link.hash)
  if (!target) return
  event.preventDefault()
  const control = target.matches('input, textarea, select, button') ? target : target.querySelector(controls)
  target.closest('details')?.setAttribute('open', '')
  control?.focus()
  target.scrollIntoView({ block: 'nearest' })
})

const controls = 'input:not([type="hidden"]), textarea, select, button'
const isFixed = ({ dataset }) => !document.getElementById(dataset.fix)?.querySelector('.error')

function update({ target }) {
  const line = target.form?.querySelector('[data-fixes]')
  if (!line) return
  for (const link of [...line.querySelectorAll('[data-fix]')].filter(isFixed)) {
    link.remove()
    line.dataset.fixes = line.dataset.fixes - 1
  }
  const left = Number(line.dataset.fixes)
  line.querySelector('[data-fixes-left]').textContent = left === 1 ? '1 input' : `${left} inputs`
  if (left < 1) line.remove()
}

document.addEventListener('input', update)
document.addEventListener('change', update)
