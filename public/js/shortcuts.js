// g h, g o, g r go to a section; / goes to the search, on whatever page; ? opens the help; Ctrl or Cmd and Enter sends
// the form one is in.

const sections = { h: '/', o: '/orchestrator', r: '/runs' }
const sequenceMs = 1500
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
  if (event.key === '/') {
    event.preventDefault()
    search()
  } else if (event.key === '?') document.getElementById('help').showModal()
  else if (event.key === 'g') goUntil = event.timeStamp + sequenceMs
  else if (sections[event.key] && event.timeStamp < goUntil) location.assign(sections[event.key])
})

function search() {
  const field = document.getElementById('search')
  if (!field) return location.assign('/runs#search')
  field.focus()
  field.select()
}

document.addEventListener('click', (event) => {
  if (!event.target.closest('[data-searches]') || !document.getElementById('search')) return
  event.preventDefault()
  search()
})

if (location.hash === '#search') document.getElementById('search')?.focus()

export function isTyping(element) {
  return element.matches('input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]')
}
