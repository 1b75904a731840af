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
import type { RunReading } from '../reading.ts'
import type { RunConditions } from '../selection/selection.ts'
import type { RunSums } from '../sums.ts'

export function createRunFigures({ read }: RunReading, sums: RunSums) {
  /** `days`: all selected runs; no part spans two days of UTC. */
  function fromSums(found: RunConditions, range: Range, days: SumsAt[], zone: Zone): Charted {
    const finest = gridOf(range, zone)
    if (finest.zone !== utc) {
      return { grid: finest, range, parts: sums.betweenEach(found, barRanges(finest, range)) }
    }
    if (finest.step >= dayMs) {
      const lastDay = Math.max(range.low, Math.floor(range.high / dayMs) * dayMs)
      const end = lastDay < range.high ? sums.between(found, { low: lastDay, high: range.high }, 'day') : []
      return { grid: finest, range, parts: [...within(days, { low: range.low, high: lastDay }), ...end] }
    }
    const hours = sums.between(found, range, 'hour')
    if (finest.step >= hourMs || total(added(hours)) > maxOneByOne) {
      return { grid: gridOf(range, utc, hourMs), range, parts: hours }
    }
    return { grid: finest, range, parts: sums.oneByOne(found, barRanges(finest, range)) }
  }

  function allBetween(found: RunConditions, first: number | undefined, times: Range | undefined): SumsAt[] {
    const low = times && times.low > 0 ? times.low : first
    return low === undefined ? [] : sums.between(found, { low, high: times?.high ?? msOf(everywhere.high) }, 'day')
  }

  return (selection: RunSelection, now: number, zone: Zone, sample: () => RunSample): RunFigures => {
    const found = read(selection)
    const { runs, isWhole } = found.isNothing ? { runs: [], isWhole: true } : sample()
    const hasSums = found.sums !== undefined
    const oneByOne = hasSums ? [] : singly(runs)
    const first = hasSums ? sums.firstHour(found) : oneByOne.findLast(({ at }) => at > 0)?.at
    const times = timesOf(found)
    const meant = hasSums ? allBetween(found, first, times) : oneByOne
    const given = { sample: sampleFigures({ runs, isWhole }), meant, hasSums, first, times }
    const dated = datedOf(given)
    const range = rangeOf(selection, given, dated, now)
    const charted =
      range &&
      (hasSums
        ? fromSums(found, range, meant, zone)
        : { grid: gridOf(range, zone), range, parts: within(oneByOne, range) })
    return figuresFrom(given, dated, charted, hasSums && !times ? [sums.ofUnknownStart(found)] : [])
  }
}
