// The count in the bar, the title and the icon follow the header of each answer.

const count = document.getElementById('agents-down')
const icon = document.querySelector('link[rel="icon"]')

document.addEventListener('htmx:before:response', ({ detail: { ctx } }) => {
  const { headers } = ctx.response
  if (!headers.has('x-configurable-agents-dashboard') || !headers.has('x-agents-down')) return
  const down = Number(headers.get('x-agents-down'))
  count.hidden = down === 0
  count.firstChild.data = down
  icon.href = down === 0 ? icon.dataset.well : icon.dataset.down
  document.title = (down === 0 ? '' : `(${down}) `) + document.title.replace(/^\(\d+\) /, '')
})
