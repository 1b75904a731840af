import { isReplaced } from '../requests/swaps.js'

// [data-keeps-typing]: what was typed since the form was sent stays; other fields show what is printed.

const fieldsOf = ({ sourceElement }) => [
  ...(sourceElement?.closest?.('[data-keeps-typing]')?.querySelectorAll('input:not([type=hidden]), textarea') ?? []),
]
const sent = new WeakMap()
const typedSince = new WeakMap()

document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  for (const field of fieldsOf(ctx)) sent.set(field, field.value)
})

document.addEventListener('htmx:before:swap', ({ detail: { ctx } }) => {
  for (const field of fieldsOf(ctx)) {
    if (sent.has(field) && sent.get(field) !== field.value) typedSince.set(field, field.value)
    else typedSince.delete(field)
  }
})

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  for (const field of fieldsOf(ctx)) {
    if (!isReplaced(ctx, field)) continue
    const value = typedSince.get(field) ?? field.defaultValue
    if (field.value !== value) field.value = value
    // The answer is about what was sent.
    if (typedSince.has(field)) field.dispatchEvent(new Event('input', { bubbles: true }))
  }
})

// A test that lacks a credential leads to where it is typed.
document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  const wanted = ctx.sourceElement?.closest?.('[data-keeps-typing]')?.querySelector('details [autofocus]')
  if (!wanted || !isReplaced(ctx, wanted)) return
  wanted.closest('details').open = true
  wanted.focus()
})

// Whoever has typed only a URL wants to know what is there.
document.addEventListener('keydown', (event) => {
  const { form, name } = event.target
  if (event.key !== 'Enter' || name !== 'agent_url' || !form?.matches('[data-keeps-typing]')) return
  if (event.ctrlKey || event.metaKey || form.elements.agent_id.value.trim() !== '') return
  event.preventDefault()
  form.querySelector('.test').click()
})
