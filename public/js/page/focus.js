// When the focused element is disabled, replaced or removed, the focus goes back to it or to what is nearest.

const focusable = 'a[href], button:not([tabindex="-1"]), input:not([type="hidden"]), textarea, select, summary'
const canHaveFocus = (element) => element.matches(focusable) && !element.disabled && element.checkVisibility()

let path = []

document.addEventListener('focusin', ({ target }) => {
  path = []
  for (let one = target; one && one !== document.body; one = one.parentElement) path.push(one)
})

const present = (element) => (element.isConnected ? element : element.id && document.getElementById(element.id))

function restore() {
  if (document.activeElement && document.activeElement !== document.body) return
  for (const element of path.map(present).filter(Boolean)) {
    const inside = [...element.querySelectorAll('[autofocus]'), ...element.querySelectorAll(focusable)]
    const heir = [element, ...inside].find(canHaveFocus)
    const next = element.localName === 'main' ? element : heir
    if (next) return next.focus({ preventScroll: true })
  }
}

document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
  const isPoll = ctx.sourceElement?.matches('[data-polls]')
  // htmx enables its elements only then.
  if (!isPoll || (path.length > 0 && !path[0].isConnected)) setTimeout(restore)
})

/** Moves the focus from a row of a list to the next or previous one; to the first where none has it. */
export function moveTo(rows, row, step) {
  const next = row ? rows[rows.indexOf(row) + step] : rows[0]
  if (!next) return undefined
  next.tabIndex = -1
  next.focus({ preventScroll: true })
  next.scrollIntoView({ block: 'nearest' })
  return next
}
