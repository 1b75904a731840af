// The path is enough: the query of a filled-in form is long, and would come with every poll.

document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  ctx.request.headers['HX-Current-URL'] = location.origin + location.pathname
})
