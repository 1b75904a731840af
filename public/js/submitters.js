// A button with a formaction or formmethod sends its form elsewhere. htmx does not look at these: the browser sends the
// form, unless htmx has a request for the button itself.

document.addEventListener(
  'submit',
  (event) => {
    if (event.submitter?.matches('[formaction], [formmethod]')) event.stopPropagation()
  },
  { capture: true },
)
