// What an answer replaces. Not all do: a refusal may come as a toast alone, and then what was typed is still to be sent.

const replaced = new WeakMap()

document.addEventListener('htmx:before:swap', ({ detail: { ctx, tasks } }) => {
  const targets = tasks.filter(({ swapSpec }) => swapSpec.style !== 'none').map(({ target }) => target)
  replaced.set(ctx, targets)
})

/** Whether the answer printed this element anew. */
export function isReplaced(ctx, element) {
  return (replaced.get(ctx) ?? []).some((target) => target?.contains?.(element))
}
