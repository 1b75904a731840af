// An error goes as soon as its field changes, except in filters: there it is about the list that is shown.

const isError = (id) => /-error$/.test(id)

function clear(element) {
  element.removeAttribute('aria-invalid')
  element.removeAttribute('data-wrong')
  const described = element.getAttribute('aria-describedby')?.split(' ') ?? []
  for (const id of described.filter(isError)) document.getElementById(id)?.remove()
  const others = described.filter((id) => !isError(id))
  if (others.length > 0) element.setAttribute('aria-describedby', others.join(' '))
  else element.removeAttribute('aria-describedby')
}

function clearAround({ target }) {
  const { form } = target
  if (!form || form.matches('[data-filter]')) return
  for (let one = target; one && one !== form; one = one.parentElement) clear(one)
  form.querySelector('.form-error')?.remove()
}

document.addEventListener('input', clearAround)
document.addEventListener('change', clearAround)
