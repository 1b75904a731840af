import { hourMs } from '../../../../shared/time/durations.ts'
import { nearlyNothing } from '../../../history/adding.ts'
import { seqAt } from '../../../history/ranges.ts'
import type { AgentFigures, TimeRange } from '../../../ports/run-figures.ts'
import type { Ask } from '../../database/session.ts'
import { sql } from '../../sql/drizzle.ts'
import { texts } from '../../sql/statements.ts'
import { alongNames, called } from '../scan/sources.ts'

const maxDurations = 200

type SumRow = { agent: string; status: string; runs: number; timed: number; cost: number }

/** Runs and costs from the sums of hours, durations from the newest runs of each. */
export async function agentFigures(ask: Ask, { from, to }: TimeRange): Promise<AgentFigures[]> {
  const [low, high] = [seqAt(from) - 1, seqAt(to)]
  const sums = await ask.rows<SumRow>(sql`
    SELECT agent, status, sum(runs) AS runs, sum(timed) AS timed, sum(cost) AS cost FROM run_hours_now
    WHERE at >= ${from / hourMs} AND at < ${to / hourMs} GROUP BY agent, status HAVING sum(runs) > 0`)
  const rows = Map.groupBy(sums, ({ agent }) => agent)
  const timed = [...rows].filter(([, statuses]) => statuses.some(({ timed }) => timed > 0)).map(([agent]) => agent)
  const medians = await ask.rows<{ agent: string; p50: number }>(sql`
    SELECT one AS agent, (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY duration) FROM (
      SELECT duration FROM runs r WHERE ${called(['agent'], [sql`one`], { low, high })} AND duration IS NOT NULL
      ${alongNames(['agent'], true)} LIMIT ${maxDurations}
    ) AS newest) AS p50 FROM unnest(${texts(timed)}) AS one`)
  const p50Of = new Map(medians.map(({ agent, p50 }) => [agent, p50]))
  const costOf = (statuses: SumRow[]) => statuses.reduce((all, row) => all + row.cost, 0)
  // In sums, unknown costs count as 0.
  const isAnyUnsure = [...rows.values()].some((statuses) => Math.abs(costOf(statuses)) <= nearlyNothing)
  const free = isAnyUnsure
    ? await ask.rows<{ agent: string }>(
        sql`SELECT DISTINCT agent FROM runs WHERE cost = 0 AND seq > ${low} AND seq < ${high}`,
      )
    : []
  const isFree = new Set(free.map(({ agent }) => agent))
  return [...rows].map(([agent, statuses]) => {
    const cost = costOf(statuses)
    return {
      agent,
      byStatus: new Map(statuses.map(({ status, runs }) => [status, runs])),
      p50: p50Of.get(agent),
      cost: Math.abs(cost) > nearlyNothing ? cost : isFree.has(agent) ? 0 : null,
    }
  })
}
