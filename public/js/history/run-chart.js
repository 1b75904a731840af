// [data-follows-list]: the chart above a list reloads with it.

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  for (const chart of document.querySelectorAll('[data-follows-list]')) {
    if (ctx.target !== chart && ctx.target?.contains?.(chart)) window.htmx.trigger(chart, 'refresh')
  }
})
