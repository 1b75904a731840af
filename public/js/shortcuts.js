// g h, g o, g r go to a section; ? opens the help; Ctrl or Cmd and Enter sends the form one is in.

const sections = { h: '/', o: '/orchestrator', r: '/runs' }
const patienceMs = 1500
let goUntil = 0

document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.target.closest('form')?.requestSubmit()
    return
  }
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    isTyping(event.target) ||
    document.querySelector('dialog[open]')
  )
    return
  if (event.key === '?') document.getElementById('help').showModal()
  else if (event.key === 'g') goUntil = event.timeStamp + patienceMs
  else if (sections[event.key] && event.timeStamp < goUntil) location.assign(sections[event.key])
})

function isTyping(element) {
  return element.matches('input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]')
}
