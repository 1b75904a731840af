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
