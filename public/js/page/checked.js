// [data-checked]: when the agents were checked last, which an answer tells also where nothing else has changed.

document.addEventListener('htmx:before:response', ({ detail: { ctx } }) => {
  const at = ctx.response.headers.get('x-checked-at')
  if (at) for (const time of document.querySelectorAll('[data-checked]')) time.dateTime = at
})
