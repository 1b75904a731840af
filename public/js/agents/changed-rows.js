// A row of the list is tinted once when a poll has changed its state.

const rows = '#agents tr[data-state]'
let before = new Map()

document.addEventListener('htmx:before:swap', () => {
  before = new Map([...document.querySelectorAll(rows)].map((row) => [row.id, row.dataset.state]))
})

document.addEventListener('htmx:after:swap', () => {
  for (const row of document.querySelectorAll(rows)) {
    const state = before.get(row.id)
    if (state === undefined || state === row.dataset.state) continue
    row.classList.add('changed')
    row.addEventListener('animationend', () => row.classList.remove('changed'), { once: true })
  }
})
