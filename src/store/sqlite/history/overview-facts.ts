import type { OverviewFacts, OverviewRequest, RangeSums } from '../../ports/overview.ts'
import type { TimeRange } from '../../ports/run-figures.ts'
import { added } from './adding.ts'
import { foundRun } from './list.ts'
import type { RunOverviewTable } from './overview.ts'
import type { Range } from './ranges.ts'

/** What adding and subtracting may leave of nothing. */
const nearlyNothing = 1e-9

const rangeOf = ({ from, to }: TimeRange): Range => ({ low: from, high: to })
const isSame = (one: TimeRange, other: TimeRange) => one.from === other.from && one.to === other.to

export function createOverviewFacts(table: RunOverviewTable) {
  function sumsOf(range: TimeRange): RangeSums {
    const { byStatus, tokens, cost } = added(table.sums(rangeOf(range), 'day'))
    // In sums, unknown costs count as 0.
    const isFree = Math.abs(cost) < nearlyNothing
    return {
      byStatus,
      tokens: tokens === 0 ? null : tokens,
      cost: isFree ? (table.hasFreeRun(rangeOf(range)) ? 0 : null) : cost,
    }
  }

  return function read(request: OverviewRequest): OverviewFacts {
    const { now, lastDay, today, before, failedWithin, maxFailures, maxNewest, maxAgents, maxCompared } = request
    const hours = table.sums(rangeOf(lastDay), 'hour')
    const failedIn = (range: TimeRange) =>
      isSame(range, lastDay) ? (added(hours).byStatus.get('failed') ?? 0) : table.countFailures(rangeOf(range))
    const failed = failedWithin.map((range, index) => ({ range, index }))
    const within = failed.find(({ range, index }) => index === failed.length - 1 || failedIn(range) > 0)!
    const failures = table.failures(maxFailures, rangeOf(within.range))
    const unfinished = table.unfinished(maxNewest)
    return {
      hours: hours.map(({ at, byStatus }) => ({ at, byStatus })),
      today: sumsOf(today),
      before: sumsOf(before),
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
      slowest: table.slowest(rangeOf(lastDay), maxAgents).map(({ agent, runs, meanSeconds }) => ({
        agent,
        runs,
        meanSeconds,
        longest: table.longest(agent, rangeOf(lastDay), maxCompared),
      })),
    }
  }
}
