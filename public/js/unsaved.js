import { showToast } from './toasts.js'

// A form in a dialog of which no draft is kept: what was changed in it is not thrown away by one press of Esc, or beside
// the dialog.

const warned = new WeakSet()

function isChanged(control) {
  if (control.type === 'hidden' || control.matches('button')) return false
  if (control.type === 'checkbox' || control.type === 'radio') return control.checked !== control.defaultChecked
  if (!control.matches('select')) return control.value !== control.defaultValue
  const printed = [...control.options].find((one) => one.defaultSelected) ?? control.options[0]
  return control.value !== printed?.value
}

/** Whether a dialog may be closed without a button of its own. Who has changed something is told once. */
export function mayClose(dialog) {
  const form = dialog.querySelector('form:not([data-draft])')
  if (!form || warned.has(form) || ![...form.elements].some(isChanged)) return true
  warned.add(form)
  showToast('Your changes are not saved. Close again to discard them.', 'waiting')
  return false
}

document.addEventListener('input', ({ target }) => warned.delete(target.form))
