import { dayMs, hourMs } from '../../shared/time/durations.ts'
import { utc, type Zone } from '../../shared/time/zone.ts'
import type { RunFigures } from '../ports/run-figures.ts'
import { added, type SumsAt, total } from './adding.ts'
import type { Range } from './ranges.ts'

/** How a chart is parted: bars of `step` milliseconds. `from` is where the wall clock stands as the first one starts. */
export type BarGrid = { from: number; step: number; bars: number; zone: Zone }

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
export function gridOf({ low, high }: Range, zone: Zone, minStep = 0): BarGrid {
  const grids = steps.filter((step) => step >= minStep).map((step) => grid(low, high, step, zone))
  return grids.find(({ bars }) => bars <= maxBars) ?? grids.at(-1)!
}

/** Bars of an hour at most begin where they do in UTC: an hour of the wall clock may be none, or two. */
const isLocal = (step: number) => step > hourMs

function grid(low: number, high: number, step: number, readerZone: Zone): BarGrid {
  const zone = isLocal(step) ? readerZone : utc
  const origin = step >= weekMs ? firstMonday : 0
  const from = Math.floor((zone.local(low) - origin) / step) * step + origin
  return { from, step, bars: Math.ceil((zone.local(high) - from) / step), zone }
}

/** Each bar, cut to the range. */
export function barRanges({ from, step, bars, zone }: BarGrid, { low, high }: Range): Range[] {
  const starts = Array.from({ length: bars + 1 }, (_, index) => zone.momentOf(from + index * step))
  return starts.slice(1).map((end, index) => ({ low: Math.max(low, starts[index]!), high: Math.min(high, end) }))
}

/** No part may be in two bars. */
export function barsOf(ranges: Range[], parts: SumsAt[]): RunFigures['bars'] {
  const inBars: SumsAt[][] = ranges.map(() => [])
  for (const part of parts) inBars[barAt(ranges, part.at)]?.push(part)
  return ranges.map(({ low, high }, index) => {
    const { byStatus, cost } = added(inBars[index]!)
    return { from: low, to: high, runs: total({ byStatus }), byStatus, cost }
  })
}

/** -1 where there is none. */
function barAt(ranges: Range[], at: number): number {
  let [first, last] = [0, ranges.length - 1]
  while (first <= last) {
    const middle = (first + last) >> 1
    const { low, high } = ranges[middle]!
    if (at < low) last = middle - 1
    else if (at >= high) first = middle + 1
    else return middle
  }
  return -1
}
