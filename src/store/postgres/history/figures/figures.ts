import { dayMs, hourMs } from '../../../../shared/durations.ts'
import { utc, type Zone } from '../../../../shared/zone.ts'
import { added, type SumsAt, total } from '../../../history/adding.ts'
import { type BarGrid, barRanges, barsOf, gridOf } from '../../../history/bars.ts'
import { chartRange, runsIn } from '../../../history/chart-range.ts'
import { quantile } from '../../../history/quantile.ts'
import { everywhere, msOf, type Range, timesOf } from '../../../history/ranges.ts'
import type { RunFigures as Figures } from '../../../ports/run-figures.ts'
import type { RunSelection } from '../../../ports/run-selection.ts'
import type { Ask } from '../../database/session.ts'
import type { RunSample } from '../counting/counting.ts'
import type { SampledRun } from '../counting/tally.ts'
import { conditionsOf, type RunConditions } from '../selection/conditions.ts'
import * as sums from '../sums.ts'

/** Without what the list says of the same selection. */
export type RunFigures = Omit<Figures, 'total'>
type Charted = { grid: BarGrid; range: Range; parts: SumsAt[] }

/** Bars shorter than an hour are counted run by run, unless there are more than these. */
const maxOneByOne = 150_000

/** `sample` are the newest of the selection, all of them where it is whole. */
export async function figuresOf(
  ask: Ask,
  selection: RunSelection,
  now: number,
  zone: Zone,
  sample: RunSample,
): Promise<RunFigures> {
  const found = await conditionsOf(ask, selection)
  const { runs, isWhole } = found.isNothing ? { runs: [], isWhole: true } : sample
  const oneByOne = found.sums ? [] : singly(runs)
  const first = found.sums ? await sums.firstHour(ask, found) : oneByOne.findLast(({ at }) => at > 0)?.at
  const times = timesOf(found)
  const meant = found.sums ? await allBetween(ask, found, first, times) : oneByOne
  const dated = meant
    .filter(({ at }) => at > 0)
    .map((part) => ({ at: part.at, runs: found.sums ? total(part) : 1 }))
    .sort((a, b) => a.at - b.at)
  const newest = runs.map(({ seq }) => msOf(seq))
  // Before the sample, nothing is known.
  const from = selection.from === undefined ? undefined : Math.max(selection.from, times?.low ?? 0)
  const chosen = { from: isWhole || found.sums ? from : undefined, to: selection.to }
  const range = chartRange({ first, parts: dated, newest }, chosen, now)
  const charted =
    range &&
    (found.sums
      ? await fromSums(ask, found, range, meant, zone)
      : { grid: gridOf(range, zone), range, parts: within(oneByOne, range) })
  const bars = charted ? barsOf(barRanges(charted.grid, charted.range), charted.parts) : []
  const all = added(found.sums && !times ? [...meant, await sums.ofUnknownStart(ask, found)] : meant)
  const earlier = range ? runsIn(dated.filter(({ at }) => at < range.low)) : 0
  const durations = runs.flatMap(({ duration }) => duration ?? []).sort((a, b) => a - b)
  return {
    time: charted && { from: charted.range.low, to: charted.range.high, step: charted.grid.step },
    bars,
    outside: { earlier, later: Math.max(0, runsIn(dated) - earlier - bars.reduce((sum, bar) => sum + bar.runs, 0)) },
    ...all,
    runs: total(all),
    p50: quantile(durations, 0.5),
    p95: quantile(durations, 0.95),
    sample: isWhole ? undefined : { of: found.sums ? 'durations' : 'all', runs: runs.length },
  }
}

/** `days`: all selected runs; no part spans two days of UTC. */
async function fromSums(ask: Ask, found: RunConditions, range: Range, days: SumsAt[], zone: Zone): Promise<Charted> {
  const finest = gridOf(range, zone)
  if (finest.zone !== utc) {
    return { grid: finest, range, parts: await sums.betweenEach(ask, found, barRanges(finest, range)) }
  }
  if (finest.step >= dayMs) {
    const lastDay = Math.max(range.low, Math.floor(range.high / dayMs) * dayMs)
    const end = lastDay < range.high ? await sums.between(ask, found, { low: lastDay, high: range.high }, 'day') : []
    return { grid: finest, range, parts: [...within(days, { low: range.low, high: lastDay }), ...end] }
  }
  const hours = await sums.between(ask, found, range, 'hour')
  if (finest.step >= hourMs || total(added(hours)) > maxOneByOne) {
    return { grid: gridOf(range, utc, hourMs), range, parts: hours }
  }
  return { grid: finest, range, parts: await sums.oneByOne(ask, found, barRanges(finest, range)) }
}

async function allBetween(ask: Ask, found: RunConditions, first: number | undefined, times: Range | undefined) {
  const low = times && times.low > 0 ? times.low : first
  if (low === undefined) return []
  return sums.between(ask, found, { low, high: times?.high ?? msOf(everywhere.high) }, 'day')
}

const within = (parts: SumsAt[], { low, high }: Range) => parts.filter(({ at }) => at >= low && at < high)

function singly(runs: SampledRun[]): SumsAt[] {
  const ofStatus = new Map<string, Map<string, number>>()
  return runs.map(({ seq, status, tokens, cost }) => {
    const byStatus = ofStatus.get(status) ?? new Map([[status, 1]])
    ofStatus.set(status, byStatus)
    return { at: msOf(seq), byStatus, tokens: tokens ?? 0, cost: cost ?? 0 }
  })
}
