import { hourMs } from '../../../../shared/time/durations.ts'
import { nearlyNothing } from '../../../history/adding.ts'
import { quantile } from '../../../history/quantile.ts'
import { seqAt } from '../../../history/ranges.ts'
import type { AgentFigures, TimeRange } from '../../../ports/run-figures.ts'
import type { Store } from '../../file/open.ts'

/** Of all agents, and of an agent without a run among those. */
const maxDurations = 10_000
const maxDurationsOfOne = 50

type SumRow = [agent: string, status: string, runs: number, timed: number, cost: number]

/** Runs and costs from the kept sums of hours, durations from the newest runs. */
export function createAgentFigures({ $client: sqlite }: Store['db']) {
  const sums = sqlite
    .prepare<[number, number], SumRow>(
      `SELECT agent, status, sum(runs), sum(timed), sum(cost) FROM run_hours
       WHERE at >= ? AND at < ? GROUP BY agent, status`,
    )
    .raw()
  const newestDurations = sqlite
    .prepare<[number, number, number], [agent: string, duration: number]>(
      `SELECT agent, duration FROM run_index NOT INDEXED
       WHERE seq >= ? AND seq < ? AND duration IS NOT NULL ORDER BY seq DESC LIMIT ?`,
    )
    .raw()
  const durationsOfOne = sqlite
    .prepare<[string, number, number, number], number>(
      `SELECT duration FROM run_index INDEXED BY ix_run_index_agent
       WHERE agent = ? AND seq >= ? AND seq < ? AND duration IS NOT NULL ORDER BY seq DESC LIMIT ?`,
    )
    .pluck()
  // In sums, unknown costs count as 0.
  const withFreeRun = sqlite
    .prepare<[number, number], string>(
      'SELECT DISTINCT agent FROM run_index INDEXED BY ix_run_index_cost WHERE cost = 0 AND seq >= ? AND seq < ?',
    )
    .pluck()

  return ({ from, to }: TimeRange): AgentFigures[] => {
    const [low, high] = [seqAt(from), seqAt(to)]
    const rows = Map.groupBy(sums.all(from / hourMs, to / hourMs), ([agent]) => agent)
    const durations = Map.groupBy(newestDurations.all(low, high, maxDurations), ([agent]) => agent)
    const free = new Set(withFreeRun.all(low, high))

    function p50Of(agent: string, timed: number): number | undefined {
      if (timed === 0) return undefined
      const newest = durations.get(agent)?.map(([, duration]) => duration)
      const known = newest ?? durationsOfOne.all(agent, low, high, maxDurationsOfOne)
      return quantile(
        known.toSorted((a, b) => a - b),
        0.5,
      )
    }

    return [...rows].map(([agent, statuses]) => {
      const sum = (of: (row: SumRow) => number) => statuses.reduce((total, row) => total + of(row), 0)
      const cost = sum((row) => row[4])
      return {
        agent,
        byStatus: new Map(statuses.map(([, status, runs]) => [status, runs])),
        p50: p50Of(
          agent,
          sum((row) => row[3]),
        ),
        cost: Math.abs(cost) > nearlyNothing ? cost : free.has(agent) ? 0 : null,
      }
    })
  }
}
