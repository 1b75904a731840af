/** Unknown tokens and costs count as none. */
export type Sums = { byStatus: Map<string, number>; tokens: number; cost: number }
/** `at`: where the range of time begins, in milliseconds. */
export type SumsAt = Sums & { at: number }

export function added(parts: Sums[]): Sums {
  const byStatus = new Map<string, number>()
  for (const part of parts) {
    for (const [status, runs] of part.byStatus) byStatus.set(status, (byStatus.get(status) ?? 0) + runs)
  }
  const sum = (of: (part: Sums) => number) => parts.reduce((total, part) => total + of(part), 0)
  return { byStatus, tokens: sum(({ tokens }) => tokens), cost: sum(({ cost }) => cost) }
}

export const total = ({ byStatus }: Pick<Sums, 'byStatus'>): number =>
  [...byStatus.values()].reduce((runs, one) => runs + one, 0)

/** What adding and subtracting may leave of nothing. */
export const nearlyNothing = 1e-9
