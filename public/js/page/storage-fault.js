// #storage-fault: the banner follows the header of each answer.

function createBanner() {
  const banner = document.createElement('aside')
  banner.id = 'storage-fault'
  banner.className = 'notice bad exposed'
  banner.setAttribute('aria-label', 'Storage')
  banner.innerHTML = '<p><strong>Nothing can be saved at present.</strong> <span></span></p>'
  document.getElementById('content').before(banner)
  return banner
}

document.addEventListener('htmx:before:response', ({ detail: { ctx } }) => {
  const { headers } = ctx.response
  if (!headers.has('x-configurable-agents-dashboard')) return
  const reason = headers.get('x-storage-fault')
  const banner = document.getElementById('storage-fault')
  if (reason === null) banner?.remove()
  else (banner ?? createBanner()).querySelector('span').textContent = decodeURIComponent(reason)
})
