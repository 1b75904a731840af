import { createMemo } from '../../shared/memo.ts'

/** What looks the same to everyone of one kind is rendered once for each `state`, however many browsers poll it. */
export function createRenderCache<Kind, T>(
  state: () => string,
  keyOf: (kind: Kind) => string,
  render: (kind: Kind) => Promise<T>,
): (kind: Kind) => Promise<T> {
  const memo = createMemo(state)
  return (kind) => memo(keyOf(kind), () => render(kind))
}
