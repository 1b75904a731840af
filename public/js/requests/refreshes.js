// [data-refreshes]: the region around it is asked for anew after its request. [data-follows-changes]: after every change.

document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
  const region = ctx.sourceElement?.closest?.('[data-refreshes]')?.closest('[data-polls], [data-refreshed]')
  if (region) window.htmx.trigger(region, 'refresh')
  if (ctx.request.method === 'GET') return
  for (const one of document.querySelectorAll('[data-follows-changes]')) window.htmx.trigger(one, 'refresh')
})
