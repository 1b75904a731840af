// What a test found, and the offer to register anyway, are of the URL that was tested: another one has neither.

document.addEventListener('input', ({ target }) => {
  if (!target.matches('[name="agent_url"]')) return
  target.form.querySelector('.register-report')?.replaceChildren()
  for (const one of target.form.querySelectorAll('[name="anyway"], .register-note')) one.remove()
})
