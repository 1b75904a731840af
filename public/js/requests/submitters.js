// htmx ignores formaction and formmethod: the browser sends these forms.

document.addEventListener(
  'submit',
  (event) => {
    if (event.submitter?.matches('[formaction], [formmethod]')) event.stopPropagation()
  },
  { capture: true },
)
