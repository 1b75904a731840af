import type { RunFigures as Figures } from '../ports/run-figures.ts'
import type { RunSelection } from '../ports/run-selection.ts'
import { added, type Sums, type SumsAt, total } from './adding.ts'
import { type BarGrid, barRanges, barsOf } from './bars.ts'
import { chartRange, runsIn } from './chart-range.ts'
import type { Range } from './ranges.ts'
import type { SampleFigures } from './sample.ts'

/** Without what the list says of the same selection. */
export type RunFigures = Omit<Figures, 'total'>
export type Charted = { grid: BarGrid; range: Range; parts: SumsAt[] }

/** Bars shorter than an hour are counted run by run, unless there are more than these. */
export const maxOneByOne = 150_000

export const within = (parts: SumsAt[], { low, high }: Range) => parts.filter(({ at }) => at >= low && at < high)

/** Of a selection: `meant` are all of its runs or, where no sums tell of it, those of its sample. */
export type Meant = {
  sample: SampleFigures
  meant: SumsAt[]
  hasSums: boolean
  first: number | undefined
  /** Between which starts its runs may lie. */
  times: Range | undefined
}

type Dated = { at: number; runs: number }[]

/** In order of their starts, without those whose start nobody knows. */
export function datedOf({ meant, hasSums }: Pick<Meant, 'meant' | 'hasSums'>): Dated {
  return meant
    .filter(({ at }) => at > 0)
    .map((part) => ({ at: part.at, runs: hasSums ? total(part) : 1 }))
    .sort((a, b) => a.at - b.at)
}

export function rangeOf(selection: RunSelection, given: Meant, dated: Dated, now: number): Range | undefined {
  const { sample, hasSums, first, times } = given
  const { isWhole, newest } = sample
  // Before the sample, nothing is known.
  const from = selection.from === undefined ? undefined : Math.max(selection.from, times?.low ?? 0)
  const chosen = { from: isWhole || hasSums ? from : undefined, to: selection.to }
  return chartRange({ first, parts: dated, newest }, chosen, now)
}

/** `undated`: what sums tell of runs whose start nobody knows. */
export function figuresFrom(
  { sample, hasSums, meant }: Meant,
  dated: Dated,
  charted: Charted | undefined,
  undated: Sums[],
): RunFigures {
  const bars = charted ? barsOf(barRanges(charted.grid, charted.range), charted.parts) : []
  const all = added([...meant, ...undated])
  const earlier = charted ? runsIn(dated.filter(({ at }) => at < charted.range.low)) : 0
  return {
    time: charted && { from: charted.range.low, to: charted.range.high, step: charted.grid.step },
    bars,
    outside: { earlier, later: Math.max(0, runsIn(dated) - earlier - bars.reduce((sum, bar) => sum + bar.runs, 0)) },
    ...all,
    runs: total(all),
    p50: sample.p50,
    p95: sample.p95,
    sample: sample.isWhole ? undefined : { of: hasSums ? 'durations' : 'all', runs: sample.runs },
  }
}
