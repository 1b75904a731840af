import { isForeign } from './failures.js'

// [data-polls]: a region that htmx refreshes. It pauses in a hidden tab, catches up when the tab is shown again, and
// says when the dashboard does not answer.
// [data-etag]: what the region shows has this tag; while that is so, the server answers 304, and nothing is swapped.
// [data-states-etag]: between two refreshes, the region is asked for whenever that other tag is no longer true.

const connection = document.getElementById('connection')
const looksMs = 2000
const isPoll = (event) => event.detail.ctx?.sourceElement?.matches('[data-polls]')

document.addEventListener('htmx:config:request', (event) => {
  if (!isPoll(event)) return
  const { sourceElement, sourceEvent, request } = event.detail.ctx
  const { etag, statesEtag } = sourceElement.dataset
  // Set by hand: else the browser answers 304 from its cache, and htmx swaps in what is shown already.
  if (etag) request.headers['If-None-Match'] = sourceEvent.detail?.isLook ? `${etag}, ${statesEtag}` : etag
})

document.addEventListener('htmx:before:request', (event) => {
  if (document.hidden && isPoll(event)) event.preventDefault()
})

const refresh = (regions, detail) => {
  for (const region of document.querySelectorAll(regions)) window.htmx.trigger(region, 'refresh', detail)
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) refresh('[data-polls]')
})

setInterval(() => {
  if (!document.hidden) refresh('[data-states-etag]', { isLook: true })
}, looksMs)

document.addEventListener('htmx:error', (event) => {
  if (isPoll(event)) connection.hidden = false
})

document.addEventListener('htmx:before:response', (event) => {
  if (isPoll(event) && isForeign(event.detail.ctx)) connection.hidden = false
})

document.addEventListener('htmx:after:request', (event) => {
  // 304 is an answer too.
  if (isPoll(event)) connection.hidden = event.detail.ctx.response.status < 500
})

// A row that is being pressed must not move away under the pointer, nor a list that is open be replaced.
let isPressed = false
document.addEventListener('pointerdown', () => {
  isPressed = true
})
for (const end of ['pointerup', 'pointercancel', 'blur']) {
  addEventListener(end, () => {
    isPressed = false
  })
}
document.addEventListener('htmx:before:swap', (event) => {
  if (isPoll(event) && (isPressed || document.activeElement?.matches('[data-polls] select'))) event.preventDefault()
})
