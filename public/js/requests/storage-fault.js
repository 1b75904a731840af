// #storage-fault: the banner follows the header of each answer.

const banner = document.getElementById('storage-fault')

document.addEventListener('htmx:before:response', ({ detail: { ctx } }) => {
  const { headers } = ctx.response
  if (!headers.has('x-configurable-agents-dashboard')) return
  const reason = headers.get('x-storage-fault') ?? ''
  banner.hidden = reason === ''
  banner.querySelector('span').textContent = decodeURIComponent(reason)
})
