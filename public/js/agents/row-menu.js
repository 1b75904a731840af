import { showToast } from '../page/toasts.js'

// [data-opens-menu]: the link to an agent opens #row-menu, which is fetched. Without this, it leads to the page.

const menu = document.getElementById('row-menu')
const margin = 8
const steps = { ArrowDown: 1, ArrowUp: -1 }

let opener

function place() {
  const box = opener.getBoundingClientRect()
  const isBelow = box.bottom + menu.offsetHeight + margin < document.documentElement.clientHeight
  menu.style.left = `${Math.max(margin, box.right - menu.offsetWidth)}px`
  menu.style.top = `${Math.max(margin, isBelow ? box.bottom + 4 : box.top - menu.offsetHeight - 4)}px`
}

const items = () => [...menu.querySelectorAll('a, button')].filter((item) => item.checkVisibility())

async function open(link) {
  opener = link
  const answer = await fetch(`${link.pathname}/menu`, { headers: { accept: 'text/html', 'hx-request': 'true' } })
  if (!answer.ok) throw new Error(`Status ${answer.status}`)
  menu.innerHTML = await answer.text()
  window.htmx.process(menu)
  menu.showPopover()
  place()
  opener.setAttribute('aria-expanded', 'true')
  items()[0].focus()
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-opens-menu]')
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  open(link).catch(() => showToast('The menu could not be loaded. Try again.'))
})

menu?.addEventListener('toggle', ({ newState }) => {
  if (newState === 'closed') opener?.removeAttribute('aria-expanded')
})

menu?.addEventListener('keydown', (event) => {
  const step = steps[event.key]
  if (event.key === 'Tab') menu.hidePopover()
  if (step === undefined) return
  event.preventDefault()
  const all = items()
  all.at((all.indexOf(document.activeElement) + step) % all.length).focus()
})

// What was chosen has begun, or is copied; a dialog that opens gives the focus back to the button of the row.
menu?.addEventListener('click', ({ target }) => {
  if (target.closest('button, [data-opens-dialog]') && !target.closest('form')) menu.hidePopover()
})
document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
  if (menu?.contains(ctx.sourceElement)) menu.hidePopover()
})

addEventListener('scroll', () => menu?.hidePopover(), { passive: true })
