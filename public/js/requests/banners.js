// #storage-fault and #outdated: they follow the headers of each answer.

const fault = document.getElementById('storage-fault')

/** Most pages never show it. */
function showOutdated(said, what) {
  const banner = fault.cloneNode(true)
  Object.assign(banner, { id: 'outdated', className: 'banner waiting', ariaLabel: 'Outdated dashboard', hidden: false })
  banner.querySelector('strong').textContent = said
  banner.querySelector('span').textContent = what
  fault.before(banner)
}

document.addEventListener('htmx:before:response', ({ detail: { ctx } }) => {
  const { headers } = ctx.response
  if (!headers.has('x-configurable-agents-dashboard')) return
  const reason = headers.get('x-storage-fault') ?? ''
  fault.hidden = reason === ''
  fault.querySelector('span').textContent = decodeURIComponent(reason)
  const words = headers.get('x-outdated')
  const outdated = document.getElementById('outdated')
  if (!words) outdated?.remove()
  else if (!outdated) showOutdated(...words.split(' ').map(decodeURIComponent))
})
