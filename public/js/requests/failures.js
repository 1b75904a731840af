import { failInDialog } from '../page/dialogs.js'
import { putOnTop, showToast } from '../page/toasts.js'

// Shows every failure that the dashboard does not show itself: no answer, an answer of a proxy, an answer without a
// target.

const ourHeader = 'x-configurable-agents-dashboard'
const words = {
  413: 'The request is too large.',
  429: 'Too many requests. Wait a moment, then try again.',
  431: 'The address or a header of the request is too long.',
  502: 'The dashboard cannot be reached: the proxy in front of it got no answer (502). Try again.',
  503: 'The dashboard cannot be reached: the proxy in front of it says it is unavailable (503). Try again.',
  504: 'The dashboard took too long: the proxy in front of it gave up (504). Check whether it was done, then try again.',
}
const loggedOut = document.getElementById('logged-out')
const isOfSomebody = document.getElementById('menu-who') !== null
const shown = new WeakSet()

const isPoll = ({ sourceElement }) => sourceElement?.matches('[data-polls]')
const wordsFor = (status) => words[status] ?? `The request failed: status ${status}.`

export const isForeign = ({ response }) => response.status >= 400 && !response.headers.has(ourHeader)

function showFailure(ctx, message) {
  shown.add(ctx)
  if (!isPoll(ctx) && !failInDialog(ctx, message)) showToast(message)
}

document.addEventListener('htmx:before:response', (event) => {
  const { ctx } = event.detail
  if (!isForeign(ctx)) return
  event.preventDefault()
  showFailure(ctx, wordsFor(ctx.response.status))
})

// What is typed and shown stays, also where anyone may look: the login opens beside it.
document.addEventListener('htmx:before:response', (event) => {
  const { ctx } = event.detail
  const { headers, status } = ctx.response
  const isLoggedOut = headers.get('x-logged-out') === '1' && (status === 401 || isOfSomebody)
  loggedOut.hidden = !isLoggedOut
  if (!isLoggedOut) return
  shown.add(ctx)
  putOnTop(loggedOut)
  if (isPoll(ctx)) event.preventDefault()
})

document.addEventListener('htmx:before:swap', ({ detail: { ctx, tasks } }) => {
  if (tasks.some(({ target, swapSpec }) => target?.isConnected && swapSpec.style !== 'none')) shown.add(ctx)
})

document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
  if (ctx.response?.status >= 400 && !shown.has(ctx)) showFailure(ctx, wordsFor(ctx.response.status))
})

document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
  if (!ctx) return
  if (ctx.response) showFailure(ctx, 'The answer could not be shown. Reload the page.')
  else showFailure(ctx, 'No answer from the dashboard. Check that it is running, then try again.')
})
