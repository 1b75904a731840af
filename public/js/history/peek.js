// #peek: a panel with the beginning of a run, beside the list. Esc closes it.

const panel = () => document.getElementById('peek')
let shown

export const isPeeking = (row) => panel()?.hidden === false && shown === row.id

export function peek(row) {
  shown = row.id
  const path = `${row.querySelector('a.open').getAttribute('href')}/peek`
  window.htmx.ajax('GET', path, { target: '#peek', swap: 'innerHTML' })
}

export function closePeek() {
  if (!panel() || panel().hidden) return false
  panel().hidden = true
  panel().replaceChildren()
  document.getElementById(shown)?.focus({ preventScroll: true })
  shown = undefined
  return true
}

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  if (ctx.target?.id === 'peek') panel().hidden = shown === undefined
})

document.addEventListener('click', ({ target }) => {
  if (target.closest('[data-closes-peek]')) closePeek()
})

// Before others: the first Esc closes the panel, the next clears the selection.
document.addEventListener(
  'keydown',
  (event) => {
    if (event.key !== 'Escape' || document.querySelector('dialog[open], .menu-holder[open]')) return
    if (closePeek()) event.preventDefault()
  },
  { capture: true },
)
