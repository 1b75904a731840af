// [data-shows-what-is-sent]: what is typed after one of its buttons was pressed belongs to the control that comes for it.

let pressed

document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  const { submitter } = ctx.request
  if (!ctx.sourceElement?.matches('[data-shows-what-is-sent]') || submitter?.name !== 'op') return
  pressed = { submitter, focused: document.activeElement, keys: [] }
})

document.addEventListener(
  'keydown',
  (event) => {
    if (!pressed || document.activeElement !== pressed.submitter || isCommand(event)) return
    event.preventDefault()
    event.stopPropagation()
    pressed.keys.push(event.key)
  },
  true,
)

const isCommand = ({ key, ctrlKey, metaKey, altKey, isComposing }) =>
  ([...key].length > 1 && key !== 'Backspace') || ctrlKey || metaKey || altKey || isComposing

document.addEventListener('htmx:before:swap', ({ detail: { ctx } }) => {
  const { activeElement } = document
  if (!pressed || pressed.submitter !== ctx.request.submitter || activeElement === pressed.focused) return
  if (activeElement.matches('input, textarea, select')) pressed.movedTo = activeElement
})

/** Keeps the focus in another control into which it was moved meanwhile; htmx has given it to the one that came. */
export function keepsFocus(submitter) {
  if (!pressed?.movedTo?.isConnected || pressed.submitter !== submitter) return false
  pressed.movedTo.focus({ preventScroll: true })
  return true
}

export function typeAhead(submitter) {
  if (!pressed || pressed.submitter !== submitter) return
  const { keys } = pressed
  pressed = undefined
  for (const key of keys) typeInto(document.activeElement, key)
}

function typeInto(control, key) {
  if (!control.matches('input, textarea')) return
  const isBackspace = key === 'Backspace'
  const now = { bubbles: true, cancelable: true }
  const input = isBackspace ? { inputType: 'deleteContentBackward' } : { inputType: 'insertText', data: key }
  const events = [new KeyboardEvent('keydown', { key, ...now }), new InputEvent('beforeinput', { ...input, ...now })]
  if (!events.every((event) => control.dispatchEvent(event))) return
  if (isBackspace) document.execCommand('delete')
  else document.execCommand('insertText', false, key)
}

document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
  if (pressed?.submitter === ctx.request.submitter) pressed = undefined
})
