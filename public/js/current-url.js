// htmx tells the server on which page it is. Where, is enough: what a link fills a form in with is long, and would come
// with every request that refreshes a part of the page.

document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  ctx.request.headers['HX-Current-URL'] = location.origin + location.pathname
})
