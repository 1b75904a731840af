// [data-chart]: one link is reached by Tab, the others by arrow keys. Reloads with the list.

const linksOf = (chart) => [...chart.querySelectorAll('svg a')]

function reach(chart, wanted) {
  const links = linksOf(chart)
  const one = links.includes(wanted) ? wanted : (links.find((link) => link.tabIndex === 0) ?? links.at(-1))
  for (const link of links) link.setAttribute('tabindex', link === one ? '0' : '-1')
}

const steps = { ArrowLeft: -1, ArrowRight: 1, Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY }

document.addEventListener('keydown', (event) => {
  const chart = event.target.closest?.('[data-chart]')
  const step = steps[event.key]
  if (!chart || step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
  const links = linksOf(chart)
  const at = links.indexOf(event.target)
  if (at < 0) return
  event.preventDefault()
  const next = links[Math.min(links.length - 1, Math.max(0, at + step))]
  reach(chart, next)
  next.focus()
})

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  for (const chart of document.querySelectorAll('[data-chart]')) {
    if (ctx.target !== chart && ctx.target?.contains?.(chart)) window.htmx.trigger(chart, 'refresh')
    reach(chart, chart.contains(document.activeElement) ? document.activeElement : undefined)
  }
})
