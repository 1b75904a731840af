// [data-shows-what-is-sent]: what is typed after one of its buttons was pressed belongs to the control that comes for it.
// A button that is pressed before the answer to the last one waits for it: only then the form is what it would send.

let pressed
let keysBefore = []
let waiting = []

document.addEventListener(
  'submit',
  (event) => {
    const { target: form, submitter } = event
    if (submitter?.name !== 'op' || !form.matches('[data-shows-what-is-sent].htmx-request')) return
    event.preventDefault()
    event.stopImmediatePropagation()
    // A dialog may have been closed meanwhile.
    waiting = waiting.filter((one) => one.form.isConnected)
    const isThere = [pressed, ...waiting].some((one) => one?.form === form && one.submitter.value === submitter.value)
    if (!isThere || submitter.value.startsWith('add:')) waiting.push({ form, submitter, keys: [] })
  },
  true,
)

function pressNext(form) {
  const next = waiting.findIndex((one) => one.form === form)
  if (next < 0) return
  const [{ submitter, keys }] = waiting.splice(next, 1)
  const button = [...form.querySelectorAll('button[name="op"]')].find(({ value }) => value === submitter.value)
  if (!form.isConnected || !button) return pressNext(form)
  button.focus({ preventScroll: true })
  keysBefore = keys
  form.requestSubmit(button)
}

document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  const { submitter } = ctx.request
  if (!ctx.sourceElement?.matches('[data-shows-what-is-sent]') || submitter?.name !== 'op') return
  pressed = { form: ctx.sourceElement, submitter, focused: document.activeElement, keys: keysBefore }
  keysBefore = []
})

document.addEventListener(
  'keydown',
  (event) => {
    const last = [pressed, ...waiting].findLast((one) => one?.submitter === document.activeElement)
    if (!last || isCommand(event)) return
    event.preventDefault()
    event.stopPropagation()
    last.keys.push(event.key)
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
  // htmx is still at it.
  if (waiting.length > 0) queueMicrotask(() => pressNext(ctx.sourceElement))
})
