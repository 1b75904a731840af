document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
  const region = ctx.sourceElement?.closest?.('[data-refreshes]')?.closest('[data-polls]')
  if (region) window.htmx.trigger(region, 'refresh')
})
