// [data-focuses-after=id]: when what a form asked for leads to another page, that element of it has the focus.

const key = 'focuses-after'

document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
  const id = ctx.sourceElement.closest('[data-focuses-after]')?.dataset.focusesAfter
  if (id && ctx.hx.redirect) keep(id)
})

const element = document.getElementById(taken())
;(element?.querySelector(':scope > summary') ?? element)?.focus()

// Browsers may keep nothing, by choice of the reader.
function keep(id) {
  try {
    sessionStorage.setItem(key, id)
  } catch {}
}

function taken() {
  try {
    return sessionStorage.getItem(key)
  } catch {
    return null
  } finally {
    forget()
  }
}

function forget() {
  try {
    sessionStorage.removeItem(key)
  } catch {}
}
