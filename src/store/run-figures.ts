import { type BarGrid, barsOf, gridOf, type RunBar } from './run-bars.ts'
import type { RunSample, SampledRun } from './run-counts.ts'
import type { RunReading } from './run-reading.ts'
import type { RunConditions, RunSelection } from './run-selection.ts'
import { msOf, type Span } from './run-spans.ts'
import { added, dayMs, hourMs, type RunSums, type SumsAt, total } from './run-sums.ts'

export type RunFigures = {
  /** What the bars show: the time that was chosen, or from the first run until now. Undefined when there is none. */
  time: { from: number; to: number; step: number } | undefined
  /** At most 60, one after the other, also where no run started. */
  bars: RunBar[]
  runs: number
  byStatus: Map<string, number>
  /** What is known of them. */
  tokens: number
  cost: number
  /** Seconds within which half of the runs, and 95 of 100, ended; undefined when no duration is known. */
  p50: number | undefined
  p95: number | undefined
  /** Where only the newest runs were looked at: how many, and whether for everything above or for p50 and p95 alone. */
  sample: { of: 'all' | 'durations'; runs: number } | undefined
}
type Charted = { grid: BarGrid; span: Span; parts: SumsAt[] }

/** Bars shorter than an hour are counted run by run, unless there are more than these. */
const mostOneByOne = 150_000

/** What the chart of a selection shows, and the figures beside it. `sample` is that of the same selection. */
export function createRunFigures({ read }: RunReading, sums: RunSums) {
  function fromSums(found: RunConditions, span: Span): Charted {
    const finest = gridOf(span)
    if (finest.step >= dayMs) return { grid: finest, span, parts: sums.between(found, span, 'day') }
    const hours = sums.between(found, span, 'hour')
    if (finest.step >= hourMs || total(added(hours)) > mostOneByOne) {
      return { grid: gridOf(span, hourMs), span, parts: hours }
    }
    const starts = Array.from({ length: finest.bars }, (_, index) => finest.from + index * finest.step)
    const bars = starts.map((start) => ({
      low: Math.max(span.low, start),
      high: Math.min(span.high, start + finest.step),
    }))
    return { grid: finest, span, parts: sums.oneByOne(found, bars) }
  }

  return (selection: RunSelection, now: number, sample: () => RunSample): RunFigures => {
    const found = read(selection)
    const { runs, isWhole } = found.isNothing ? { runs: [], isWhole: true } : sample()
    const oneByOne = found.sums ? [] : runs.map(asSums)
    const oldest = oneByOne.findLast(({ at }) => at > 0)?.at
    // Of a time that the sample does not reach back to, nothing is known.
    const low = found.sums ? (selection.from ?? sums.firstHour(found)) : isWhole ? (selection.from ?? oldest) : oldest
    const high = selection.to ?? Math.max(now, runs[0] ? msOf(runs[0].seq) : 0) + 1
    const span = low !== undefined && low < high ? { low, high } : undefined
    const charted = span && (found.sums ? fromSums(found, span) : { grid: gridOf(span), span, parts: oneByOne })
    const hasTime = selection.from !== undefined || selection.to !== undefined
    const all = !found.sums ? added(oneByOne) : hasTime ? added(charted?.parts ?? []) : sums.ofAll(found)
    const durations = runs.flatMap(({ duration }) => duration ?? []).sort((a, b) => a - b)
    return {
      time: charted && { from: charted.span.low, to: charted.span.high, step: charted.grid.step },
      bars: charted ? barsOf(charted.grid, charted.span, charted.parts) : [],
      ...all,
      runs: total(all),
      p50: quantile(durations, 0.5),
      p95: quantile(durations, 0.95),
      sample: isWhole ? undefined : { of: found.sums ? 'durations' : 'all', runs: runs.length },
    }
  }
}

function asSums({ seq, status, tokens, cost }: SampledRun): SumsAt {
  return { at: msOf(seq), byStatus: new Map([[status, 1]]), tokens: tokens ?? 0, cost: cost ?? 0 }
}

/** The smallest of sorted values that so large a share of them does not exceed. */
function quantile(sorted: number[], share: number): number | undefined {
  return sorted[Math.ceil(share * sorted.length) - 1]
}
