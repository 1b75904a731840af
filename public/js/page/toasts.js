const shownMs = 6000
const shownMsWhenBad = 20_000
const toasts = document.getElementById('toasts')

/** `tone`: good, waiting, bad. */
export function showToast(message, tone = 'bad') {
  toasts.append(Object.assign(document.createElement('p'), { className: `toast ${tone}`, textContent: message }))
}

function begin(toast) {
  putOnTop(toasts)
  // Repeated failures are shown once.
  for (const other of toasts.children) if (other !== toast && other.textContent === toast.textContent) other.remove()
  setTimeout(() => toast.remove(), toast.matches('.bad') ? shownMsWhenBad : shownMs)
}

new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) if (node.nodeType === 1 && node.isConnected) begin(node)
  }
}).observe(toasts, { childList: true })
// What was done on the page before is said now, and told to screen readers.
toasts.append(...toasts.children)

// Above everything, also an open dialog, which makes the rest inert.

const moved = new Set()

export function putOnTop(element) {
  const top = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body
  if (element.parentElement !== top) top.append(element)
  moved.add(element)
}

document.addEventListener(
  'close',
  ({ target }) => {
    for (const element of moved) if (target.contains(element)) document.body.append(element)
  },
  { capture: true },
)
