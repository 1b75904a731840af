import { dropDraft, keepDraft, readDraft } from '../forms/draft-store.js'

// [data-keeps-typing]: typed text survives leaving the page, but no credential does.

const kept = ':is(input, textarea):not([type=hidden], [type=password], [type=radio], [name^=credential_])'

const name = 'register'
let form = document.querySelector('[data-keeps-typing]')

for (const [field, value] of readDraft(name) ?? []) {
  const control = form?.elements[field]
  if (control?.value === '') control.value = value
}

document.addEventListener('input', ({ target }) => {
  if (!form?.contains(target)) return
  const typed = [...form.querySelectorAll(kept)].map((field) => [field.name, field.value])
  if (typed.every(([, value]) => value === '')) dropDraft(name)
  else keepDraft(name, typed)
})

document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
  if (form?.contains(ctx.sourceElement) && ctx.response.headers.has('hx-redirect')) dropDraft(name)
})

document.addEventListener('htmx:after:swap', () => {
  const now = document.querySelector('[data-keeps-typing]')
  if (form && now && now !== form) dropDraft(name)
  form = now ?? form
})
