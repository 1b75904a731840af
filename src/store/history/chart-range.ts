import type { Range } from './ranges.ts'

type Part = { at: number; runs: number }
type Chosen = { from?: number | undefined; to?: number | undefined }

/** Runs that start later than this come from a clock that is wrong. */
export const aheadMs = 3_600_000
/** Outliers, without which a chart is ten times as fine: at most one run, or 1 %. */
const shareOfFew = 0.01
const timesFiner = 10
const fewestRuns = 3

/** From the first run, without early outliers, until now. `newest` are starts, newest first; `parts` are in order. */
export function chartRange(
  { first, parts, newest }: { first: number | undefined; parts: Part[]; newest: number[] },
  { from, to }: Chosen,
  now: number,
): Range | undefined {
  const isPast = (at: number) => at <= now + aheadMs
  const last = newest.find(isPast) ?? (parts.some(({ at }) => isPast(at)) ? now : (newest[0] ?? now))
  const high = to ?? Math.max(now, last) + 1
  const low = from ?? (first === undefined ? undefined : startOfMost(first, parts, high))
  return low !== undefined && low < high ? { low, high } : undefined
}

function startOfMost(first: number, parts: Part[], high: number): number {
  const all = runsIn(parts)
  if (all < fewestRuns) return first
  const few = Math.max(1, Math.floor(all * shareOfFew))
  let before = 0
  for (const { at, runs } of parts) {
    if (before > few || at >= high) return first
    if ((high - at) * timesFiner <= high - first) return at
    before += runs
  }
  return first
}

export const runsIn = (parts: Part[]): number => parts.reduce((sum, { runs }) => sum + runs, 0)
