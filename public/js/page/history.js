// Back and forward: htmx loads the page of the address anew. A press that comes while a page is still loading can lose
// that, and what is shown would not be what the address says.

const waitMs = 500
const address = () => location.pathname + location.search
let shown = address()

for (const change of ['push', 'replace']) {
  document.addEventListener(`htmx:after:history:${change}`, () => {
    shown = address()
  })
}

addEventListener('popstate', () => {
  if (address() !== shown) setTimeout(() => location.reload(), waitMs)
})
