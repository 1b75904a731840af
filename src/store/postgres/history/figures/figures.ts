import { dayMs, hourMs } from '../../../../shared/time/durations.ts'
import { utc, type Zone } from '../../../../shared/time/zone.ts'
import { added, type SumsAt, total } from '../../../history/adding.ts'
import { barRanges, gridOf } from '../../../history/bars.ts'
import {
  type Charted,
  datedOf,
  figuresFrom,
  maxOneByOne,
  type RunFigures,
  rangeOf,
  within,
} from '../../../history/figures.ts'
import { everywhere, msOf, type Range, timesOf } from '../../../history/ranges.ts'
import { type RunSample, sampleFigures, singly } from '../../../history/sample.ts'
import type { RunSelection } from '../../../ports/run-selection.ts'
import type { Ask } from '../../database/session.ts'
import type { RunConditions } from '../selection/conditions.ts'
import * as sums from '../sums.ts'
import { timedSample } from './timed.ts'

/** `read` is the sample, where runs have to be read one by one. */
export async function figuresOf(
  ask: Ask,
  selection: RunSelection,
  found: RunConditions,
  now: number,
  zone: Zone,
  read: RunSample | undefined,
): Promise<RunFigures> {
  const { runs, isWhole } = read && !found.isNothing ? read : { runs: [], isWhole: true }
  const sample = read ? sampleFigures({ runs, isWhole }) : await timedSample(ask, found, now)
  const hasSums = found.sums !== undefined
  const oneByOne = hasSums ? [] : singly(runs)
  const first = hasSums ? await sums.firstHour(ask, found) : oneByOne.findLast(({ at }) => at > 0)?.at
  const times = timesOf(found)
  const meant = hasSums ? await allBetween(ask, found, first, times) : oneByOne
  const given = { sample, meant, hasSums, first, times }
  const dated = datedOf(given)
  const range = rangeOf(selection, given, dated, now)
  const charted =
    range &&
    (hasSums
      ? await fromSums(ask, found, range, meant, zone)
      : { grid: gridOf(range, zone), range, parts: within(oneByOne, range) })
  return figuresFrom(given, dated, charted, hasSums && !times ? [await sums.ofUnknownStart(ask, found)] : [])
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
