import { dayMs, hourMs } from '../../../../shared/durations.ts'
import type { RunFigures } from '../../../ports/run-figures.ts'
import { added, type SumsAt, total } from '../adding.ts'
import type { Range } from '../ranges.ts'

/** How a chart is parted: the first bar starts at `from`, each is `step` milliseconds long. */
export type BarGrid = { from: number; step: number; bars: number }

const maxBars = 60
const second = 1000
const minute = 60 * second
const weekMs = 7 * dayMs
const firstMonday = 4 * dayMs
const steps = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * second),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minute),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hourMs),
  ...[1, 2].map((days) => days * dayMs),
  ...[1, 2, 4, 13, 26, 52, 520].map((weeks) => weeks * weekMs),
]

/** The finest of at most 60 round bars. */
export function gridOf({ low, high }: Range, minStep = 0): BarGrid {
  const grids = steps.filter((step) => step >= minStep).map((step) => grid(low, high, step))
  return grids.find(({ bars }) => bars <= maxBars) ?? grids.at(-1)!
}

function grid(low: number, high: number, step: number): BarGrid {
  const origin = step >= weekMs ? firstMonday : 0
  const from = Math.floor((low - origin) / step) * step + origin
  return { from, step, bars: Math.ceil((high - from) / step) }
}

/** No part may be longer than a bar. The first and the last bar are cut to the range. */
export function barsOf({ from, step, bars }: BarGrid, { low, high }: Range, parts: SumsAt[]): RunFigures['bars'] {
  const inBars: SumsAt[][] = Array.from({ length: bars }, () => [])
  for (const part of parts) inBars[Math.floor((part.at - from) / step)]?.push(part)
  return inBars.map((inBar, index) => {
    const { byStatus, cost } = added(inBar)
    const start = from + index * step
    return { from: Math.max(low, start), to: Math.min(high, start + step), runs: total({ byStatus }), byStatus, cost }
  })
}
