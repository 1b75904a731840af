// A row of the list is tinted once when a poll has changed its state. Morphing leaves [data-changed] alone: the next
// answer may come before the tint is drawn.

const rows = () => [...document.querySelectorAll('#agents tr[data-state]')]
const statesOf = (all) => new Map(all.map((row) => [row.id, row.dataset.state]))
let shown = statesOf(rows())

document.addEventListener('htmx:after:swap', () => {
  const all = rows()
  for (const row of all) {
    const state = shown.get(row.id)
    if (state === undefined || state === row.dataset.state) continue
    row.dataset.changed = ''
    row.addEventListener('animationend', () => delete row.dataset.changed, { once: true })
  }
  shown = statesOf(all)
})
