// What is said against a field is about what it held when it was sent: it goes as soon as that changes. A filter is not
// meant: what is said there is about the list that is shown.

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
