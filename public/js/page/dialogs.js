import { keepsFocus } from '../forms/typing-ahead.js'
import { mayClose } from '../forms/unsaved.js'

// [data-opens-dialog=title]: htmx loads the answer into #dialog, of a link without hx-get that of its address.
// [data-opens=id] opens a dialog on the page.
// [data-closes], [data-closes-when-done] and [data-closes-when-saved] close one.

const dialog = document.getElementById('dialog')
const body = document.getElementById('dialog-body')

document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-opens-dialog]')
  if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    body.replaceChildren(document.getElementById('dialog-skeleton').content.cloneNode(true))
    if (opener.dataset.opensDialog) body.querySelector('h2').textContent = opener.dataset.opensDialog
    if (!dialog.open) dialog.showModal()
    if (opener.matches('a:not([hx-get])')) {
      event.preventDefault()
      const headers = { 'HX-Target': 'div#dialog-body' }
      window.htmx.ajax('GET', opener.href, { source: opener, target: '#dialog-body', swap: 'innerHTML', headers })
    }
    return
  }
  const named = event.target.closest('[data-opens]')
  const ownDialog = named && document.querySelector(`dialog#${named.dataset.opens}`)
  if (ownDialog) {
    event.preventDefault()
    openOwn(ownDialog)
  }

  const closer = event.target.closest('[data-closes]')
  const around = closer?.closest('dialog')
  if (around) {
    event.preventDefault()
    around.close()
  }
})

// An address may name a dialog of its page.
const named = /^#[\w-]+$/.test(location.hash) && document.querySelector(`dialog${location.hash}`)
if (named) openOwn(named)

function openOwn(own) {
  if (own.open) own.close()
  own.showModal()
  const first = own.querySelector('[autofocus]') ?? own.querySelector('.dialog-body :is(input, textarea)')
  first?.focus()
}

// Only where the press begins counts: a selection dragged out of a field must not close the dialog.
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
  forgetExecute()
})

/** Once closed, the form that an address has opened stays closed when the page is loaded again. */
function forgetExecute() {
  const address = new URL(location.href)
  if (!address.searchParams.has('execute')) return
  for (const name of ['execute', 'inputs', 'from']) address.searchParams.delete(name)
  history.replaceState(history.state, '', address)
}

// The browser honours [autofocus] only when a dialog opens, before the content has come.
document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  if (dialog.open && dialog.contains(ctx.sourceElement) && keepsFocus(ctx.request.submitter)) return
  if (dialog.open && dialog.contains(ctx.sourceElement)) focusFirst()
  else if (dialog.open && !dialog.contains(document.activeElement?.closest('a, button, input, textarea, select')))
    focusFirst()
})

function focusFirst() {
  const first =
    body.querySelector('[autofocus]') ??
    body.querySelector('[aria-invalid="true"], :is(.dialog-end, .dialog-foot) :is(a, button)')
  first?.closest('details')?.setAttribute('open', '')
  first?.focus()
}

export function failInDialog({ target }, message) {
  if (target !== body || !dialog.open || !body.querySelector('[aria-busy]')) return false
  body.querySelector('h2').textContent = message
  for (const bone of body.querySelectorAll('.skeleton')) bone.remove()
  return true
}

document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
  const form = ctx.sourceElement
  const isSaved = form?.matches('[data-closes-when-saved]') && ctx.response.status < 400
  if (isSaved || form?.matches('[data-closes-when-done]')) form.closest('dialog')?.close()
})
