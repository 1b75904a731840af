// #storage-fault and #outdated: they follow the headers of each answer.

const fault = document.getElementById('storage-fault')
/** Admins alone have it. */
const outdated = document.getElementById('outdated')

document.addEventListener('htmx:before:response', ({ detail: { ctx } }) => {
  const { headers } = ctx.response
  if (!headers.has('x-configurable-agents-dashboard')) return
  const reason = headers.get('x-storage-fault') ?? ''
  fault.hidden = reason === ''
  fault.querySelector('span').textContent = decodeURIComponent(reason)
  if (outdated) outdated.hidden = !headers.get('x-outdated')
})
