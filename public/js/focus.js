// What was pressed may be disabled, replaced or removed by what it led to, and the browser then gives the focus to
// nobody. It goes back to where it was, else to the nearest thing there that can have it.

const focusable = 'a[href], button, input:not([type="hidden"]), textarea, select, summary'
const canHaveFocus = (element) => element.matches(focusable) && !element.disabled && element.checkVisibility()

/** What had the focus last, and all around it up to main. */
let path = []

document.addEventListener('focusin', ({ target }) => {
  path = []
  for (let one = target; one && one !== document.body; one = one.parentElement) path.push(one)
})

/** The element itself, or the one that took its place. */
const present = (element) => (element.isConnected ? element : element.id && document.getElementById(element.id))

function restore() {
  if (document.activeElement && document.activeElement !== document.body) return
  for (const element of path.map(present).filter(Boolean)) {
    const heir = [element, ...element.querySelectorAll(focusable)].find(canHaveFocus)
    const next = element.localName === 'main' ? element : heir
    if (next) return next.focus({ preventScroll: true })
  }
}

document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
  const isPoll = ctx.sourceElement?.matches('[data-polls]')
  // Only then are the elements enabled again that htmx had disabled.
  if (!isPoll || (path.length > 0 && !path[0].isConnected)) setTimeout(restore)
})
