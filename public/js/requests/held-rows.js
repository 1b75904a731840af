// While somebody uses a row of [data-holds-rows], a poll changes rows where they are; what came, went or moved does so
// afterwards. The region is [data-held] until then.

const restMs = 30_000
let usedAt = 0

// A pointer that rests is not about to press.
const isUsed = (region) =>
  performance.now() - usedAt < restMs &&
  region.querySelector('tbody > tr[data-state]:is(:hover, :focus-within)') !== null

/** The answer to a poll, with its rows where those that are shown are. */
export function holdRows(region, answer) {
  const next = answer.querySelector('[data-holds-rows]')
  const body = next?.querySelector('tbody')
  if (!body || !region.matches('[data-holds-rows]') || !isUsed(region)) return
  const shown = [...region.querySelectorAll('tbody > tr')]
  const came = [...body.rows]
  if (came.length === shown.length && came.every(({ id }, index) => id === shown[index].id)) return
  const byId = new Map(came.map((row) => [row.id, row]))
  body.replaceChildren(...shown.map((row) => byId.get(row.id) ?? row.cloneNode(true)))
  next.dataset.held = ''
}

/** Whether the order is to be asked for, though the tag says that it is known. */
export const isReleased = (region) => 'held' in region.dataset && !isUsed(region)

function release() {
  for (const region of document.querySelectorAll('[data-held]')) {
    if (!isUsed(region)) window.htmx.trigger(region, 'refresh')
  }
}

for (const use of ['pointermove', 'pointerdown', 'keydown', 'focusin']) {
  addEventListener(use, () => {
    usedAt = performance.now()
  })
}
document.addEventListener('pointerout', ({ target }) => {
  if (target.closest('[data-held] tr')) setTimeout(release)
})
document.addEventListener('focusout', ({ target }) => {
  if (target.closest('[data-held]')) setTimeout(release)
})
