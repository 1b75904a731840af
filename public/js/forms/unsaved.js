import { showToast } from '../page/toasts.js'

// Changes in a dialog's form without a draft are not lost by one Esc or a press outside.

const warned = new WeakSet()

function isChanged(control) {
  if (control.type === 'hidden' || control.matches('button')) return false
  if (control.type === 'checkbox' || control.type === 'radio') return control.checked !== control.defaultChecked
  if (!control.matches('select')) return control.value !== control.defaultValue
  const printed = [...control.options].find((one) => one.defaultSelected) ?? control.options[0]
  return control.value !== printed?.value
}

export function mayClose(dialog) {
  const form = dialog.querySelector('form:not([data-draft], [data-keeps-typing])')
  if (!form || warned.has(form) || ![...form.elements].some(isChanged)) return true
  warned.add(form)
  showToast('Your changes are not saved. Close again to discard them.', 'waiting')
  return false
}

document.addEventListener('input', ({ target }) => warned.delete(target.form))
