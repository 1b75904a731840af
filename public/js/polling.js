// [data-polls]: a region that htmx refreshes. It pauses in a hidden tab, catches up when the tab is shown again, and
// says when the dashboard does not answer.

const connection = document.getElementById('connection')
const isPoll = (event) => event.detail.ctx?.sourceElement?.matches('[data-polls]')

document.addEventListener('htmx:before:request', (event) => {
  if (document.hidden && isPoll(event)) event.preventDefault()
})

document.addEventListener('visibilitychange', () => {
  if (document.hidden) return
  for (const region of document.querySelectorAll('[data-polls]')) window.htmx.trigger(region, 'refresh')
})

document.addEventListener('htmx:error', (event) => {
  if (isPoll(event)) connection.hidden = false
})

document.addEventListener('htmx:after:request', (event) => {
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
