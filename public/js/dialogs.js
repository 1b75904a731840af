import { mayClose } from './unsaved.js'

// [data-opens-dialog]: a link or button whose answer htmx puts into the one dialog. It opens at once, with a skeleton,
// whose title it may give.
// [data-opens=id]: opens the dialog of that id. [data-closes]: closes the dialog it stands in; [data-closes-when-done]
// on a form, when it was answered, and [data-closes-when-saved], when that was no refusal.

const dialog = document.getElementById('dialog')
const body = document.getElementById('dialog-body')

document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-opens-dialog]')
  if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    body.replaceChildren(document.getElementById('dialog-skeleton').content.cloneNode(true))
    if (opener.dataset.opensDialog) body.querySelector('h2').textContent = opener.dataset.opensDialog
    if (!dialog.open) dialog.showModal()
    return
  }
  const named = event.target.closest('[data-opens]')
  if (named) document.getElementById(named.dataset.opens).showModal()

  const closer = event.target.closest('[data-closes]')
  const around = closer?.closest('dialog')
  if (around) {
    event.preventDefault()
    around.close()
  }
})

// A press on the backdrop has the dialog itself as its target. Only where it begins counts: a selection dragged out
// of a field ends there too, and must not throw away what was typed.
for (const one of document.querySelectorAll('dialog')) {
  one.addEventListener('pointerdown', (event) => {
    if (event.target === one && mayClose(one)) one.close()
  })
  one.addEventListener('cancel', (event) => {
    if (event.target === one && !mayClose(one)) event.preventDefault()
  })
}

dialog.addEventListener('close', () => {
  window.htmx.trigger(dialog, 'htmx:abort')
  body.replaceChildren()
})

// The browser gives focus to [autofocus] only when a dialog opens, and what is to have it comes later.
document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  if (dialog.open && dialog.contains(ctx.sourceElement)) focusFirst()
  else if (dialog.open && !dialog.contains(document.activeElement?.closest('a, button, input, textarea, select')))
    focusFirst()
})

function focusFirst() {
  const first =
    body.querySelector('[autofocus]') ?? body.querySelector('[aria-invalid="true"], .dialog-end :is(a, button)')
  first?.closest('details')?.setAttribute('open', '')
  first?.focus()
}

/** Says in the dialog why it has nothing to show, if it waits for that answer. */
export function failInDialog({ target }, message) {
  if (target !== body || !dialog.open || !body.querySelector('[aria-busy]')) return false
  body.querySelector('h2').textContent = message
  for (const bone of body.querySelectorAll('.skeleton')) bone.remove()
  return true
}

document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
  const form = ctx.sourceElement
  const isSaved = form?.matches('[data-closes-when-saved]') && ctx.response.status < 400
  if (isSaved || form?.matches('[data-closes-when-done]')) dialog.close()
})
