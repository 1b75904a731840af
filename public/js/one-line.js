// [data-one-line]: a text of one line, which may become longer. Enter sends its form, as in every field of one line; with
// Shift it begins another line, and in a text that has several it does so by itself.

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
