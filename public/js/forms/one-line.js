// [data-one-line]: Enter sends the form, with Shift it begins a line; in a text of several lines it does so alone.

const isPlainEnter = ({ key, shiftKey, ctrlKey, metaKey, altKey, isComposing, keyCode }) =>
  key === 'Enter' && !shiftKey && !ctrlKey && !metaKey && !altKey && !isComposing && keyCode !== 229

document.addEventListener('keydown', (event) => {
  const { target } = event
  if (event.defaultPrevented || !isPlainEnter(event) || !target.matches?.('[data-one-line]')) return
  if (target.value.includes('\n')) return
  event.preventDefault()
  target.form.requestSubmit()
})

export { isPlainEnter }
