import type { FoundRun, OverviewFacts, OverviewRequest, RangeSums, TimeRange } from '../../ports/history.ts'
import type { ListedRunRow } from './list.ts'
import type { RunOverviewTable } from './overview.ts'
import type { Span } from './ranges.ts'
import { added, type SumsAt } from './sums.ts'

/** What sums that were added up and taken off again may leave of nothing. */
const nearlyNothing = 1e-9

const spanOf = ({ from, to }: TimeRange): Span => ({ low: from, high: to })
const isSame = (one: TimeRange, other: TimeRange) => one.from === other.from && one.to === other.to

/** Reads all that the overview shows, in one go. */
export function createOverviewFacts(table: RunOverviewTable) {
  function sumsOf(range: TimeRange, days: SumsAt[]): RangeSums {
    const { byStatus, tokens, cost } = added(days.filter(({ at }) => at >= range.from && at < range.to))
    // The sums take what is unknown for nothing.
    const isFree = Math.abs(cost) < nearlyNothing
    return {
      byStatus,
      tokens: tokens === 0 ? null : tokens,
      cost: isFree ? (table.hasFreeRun(spanOf(range)) ? 0 : null) : cost,
    }
  }

  return function read(request: OverviewRequest): OverviewFacts {
    const { now, lastDay, today, before, failedWithin, maxFailures, maxNewest, maxAgents, maxCompared } = request
    const hours = table.sums(spanOf(lastDay), 'hour')
    const days = table.sums({ low: Math.min(before.from, today.from), high: Math.max(before.to, today.to) }, 'day')
    const failedIn = (range: TimeRange) =>
      isSame(range, lastDay) ? (added(hours).byStatus.get('failed') ?? 0) : table.countFailures(spanOf(range))
    const failed = failedWithin.map((range, index) => ({ range, index }))
    const within = failed.find(({ range, index }) => index === failed.length - 1 || failedIn(range) > 0)!
    const failures = table.failures(maxFailures, spanOf(within.range))
    const unfinished = table.goingOn(maxNewest)
    return {
      hours: hours.map(({ at, byStatus }) => ({ at, byStatus })),
      today: sumsOf(today, days),
      before: sumsOf(before, days),
      firstHour: table.firstHour(),
      newestAt: table.newest(now)?.startedAt,
      unfinished: { runs: unfinished.runs, newest: unfinished.newest.map(foundRun) },
      failures: {
        within: within.index,
        all: failedIn(within.range),
        newest: failures.rows.map(foundRun),
        isMore: failures.isMore,
      },
      latestFailures: table.failures(maxNewest).rows.map(foundRun),
      slowest: table.slowest(spanOf(lastDay), maxAgents).map(({ agent, runs, meanSeconds }) => ({
        agent,
        runs,
        meanSeconds,
        longest: table.longest(agent, spanOf(lastDay), maxCompared),
      })),
    }
  }
}

export function foundRun({ seq: _, ...run }: ListedRunRow): FoundRun {
  return run
}
