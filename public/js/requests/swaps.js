// What an answer replaced: a refusal may come as a toast alone.

const replaced = new WeakMap()

document.addEventListener('htmx:before:swap', ({ detail: { ctx, tasks } }) => {
  const targets = tasks.filter(({ swapSpec }) => swapSpec.style !== 'none').map(({ target }) => target)
  replaced.set(ctx, targets)
})

export function isReplaced(ctx, element) {
  return (replaced.get(ctx) ?? []).some((target) => target?.contains?.(element))
}
