import { isForeign } from './failures.js'
import { holdRows, isReleased } from './held-rows.js'

// [data-polls]: a region that htmx refreshes, but not in a hidden tab. [data-etag] is the tag of what it shows: 304
// swaps nothing. [data-states-etag] asks in between whether the states have changed.

const connection = document.getElementById('connection')
const reason = connection.querySelector('[data-failing]')
const lost = reason.textContent
const looksMs = 2000
const isPoll = (event) => event.detail.ctx?.sourceElement?.matches('[data-polls]')

const remembered = new WeakMap()
/** What was asked because time has passed, not because of what somebody did. */
const timed = new WeakSet()

function rememberedTag(region) {
  const { path, etag } = remembered.get(region) ?? {}
  return path === region.getAttribute('hx-get') ? etag : undefined
}

// htmx announces a swap for 304, too.
document.addEventListener(
  'htmx:after:swap',
  (event) => {
    const { ctx } = event.detail
    if (ctx.response?.status === 304) event.stopPropagation()
    else if (ctx.response && isPoll(event) && !ctx.sourceElement.dataset.etag) {
      const etag = ctx.response.headers.get('etag')
      remembered.set(ctx.sourceElement, { path: ctx.sourceElement.getAttribute('hx-get'), etag })
    }
  },
  { capture: true },
)

document.addEventListener('htmx:config:request', (event) => {
  if (!isPoll(event)) return
  const { sourceElement, sourceEvent, request } = event.detail.ctx
  // A newer question replaces one that is not answered yet, but not just because time has passed.
  const isTimed = sourceEvent.type !== 'refresh' || sourceEvent.detail?.isLook
  if (isTimed) timed.add(event.detail.ctx)
  if (isTimed && sourceElement.matches('.htmx-request')) return event.preventDefault()
  const { etag = rememberedTag(sourceElement), statesEtag } = sourceElement.dataset
  if (isReleased(sourceElement)) return
  // Else the browser answers 304 from its cache, and htmx swaps in what is shown already.
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

function showOld(why) {
  reason.textContent = why
  connection.hidden = false
}

document.addEventListener('htmx:error', (event) => {
  if (isPoll(event)) showOld(lost)
})

document.addEventListener('htmx:before:response', (event) => {
  if (isPoll(event) && isForeign(event.detail.ctx)) showOld(lost)
})

document.addEventListener('htmx:after:request', (event) => {
  if (!isPoll(event)) return
  const { ctx } = event.detail
  if (ctx.response.status < 500) connection.hidden = true
  else showOld(isForeign(ctx) ? lost : reason.dataset.failing)
})

// A row under the pointer must not move, nor an open list be replaced.
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
  if (!isPoll(event)) return
  const { ctx, tasks } = event.detail
  if (isPressed || document.activeElement?.matches('[data-polls] select')) event.preventDefault()
  else if (timed.has(ctx)) for (const { fragment } of tasks) holdRows(ctx.sourceElement, fragment)
})
