// #storage-fault: the banner that says why nothing can be saved. A page that is open gets it, and loses it, by what it
// polls: every answer of the dashboard carries the reason while there is one.

const banner = document.getElementById('storage-fault')
const [title, reason] = banner.querySelectorAll('strong, span')

document.addEventListener('htmx:before:response', ({ detail: { ctx } }) => {
  const { headers } = ctx.response
  if (!headers.has('x-configurable-agents-dashboard')) return
  const said = decodeURIComponent(headers.get('x-storage-fault') ?? '')
  if (reason.textContent === said) return
  title.textContent = said && title.dataset.says
  reason.textContent = said
  banner.hidden = said === ''
})
