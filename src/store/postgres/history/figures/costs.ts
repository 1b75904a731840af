import type { SQL } from 'drizzle-orm'
import { dayMs, hourMs } from '../../../../shared/time/durations.ts'
import { parted, seqAt } from '../../../history/ranges.ts'
import type { TimeRange } from '../../../ports/run-figures.ts'
import type { Ask } from '../../database/session.ts'
import { shownName } from '../../runs/record.ts'
import { sql } from '../../sql/drizzle.ts'
import { texts } from '../../sql/statements.ts'

/** What adding and subtracting may leave of nothing. */
const nearlyNothing = 1e-9

/** Rows with the agent and the cost of all runs in a range: of whole days and hours by their sums, else run by run. */
function costsIn({ from, to }: TimeRange, agents: string[] | undefined): SQL {
  const days = parted([{ low: from, high: to }], dayMs)
  const hours = parted(days.rest, hourMs)
  const among = agents ? sql`AND agent = ANY(${texts(agents.map(shownName))})` : sql``

  function part(table: string, column: string, low: number, high: number): SQL {
    const at = sql.raw(column)
    return sql`SELECT agent, cost FROM ${sql.raw(table)} WHERE ${at} >= ${low} AND ${at} < ${high} ${among}`
  }

  const parts = [
    ...days.whole.map(({ low, high }) => part('run_days_now', 'at', low / dayMs, high / dayMs)),
    ...hours.whole.map(({ low, high }) => part('run_hours_now', 'at', low / hourMs, high / hourMs)),
    ...hours.rest.map(({ low, high }) => part('runs', 'seq', seqAt(low), seqAt(high))),
    // So that there is a part.
    part('runs', 'seq', 0, 0),
  ]
  return sql.join(parts, sql` UNION ALL `)
}

/** Null where no run told. */
export async function costOf(ask: Ask, range: TimeRange, agents?: string[]): Promise<number | null> {
  const among = agents ? sql`AND agent = ANY(${texts(agents.map(shownName))})` : sql``
  // In sums, an unknown cost counts as 0: then a run has to say that it was free.
  const row = await ask.first<{ cost: number; isFree: boolean }>(sql`
    SELECT (SELECT coalesce(sum(cost), 0) FROM (${costsIn(range, agents)}) AS parts) AS cost,
      EXISTS (SELECT FROM runs WHERE cost = 0 AND seq >= ${seqAt(range.from)} AND seq < ${seqAt(range.to)} ${among}) AS "isFree"`)
  const { cost, isFree } = row!
  if (Math.abs(cost) >= nearlyNothing) return cost
  return isFree ? 0 : null
}

/** Of agents whose runs cost anything. */
export async function costsByAgent(ask: Ask, range: TimeRange): Promise<Map<string, number>> {
  const rows = await ask.rows<{ agent: string; cost: number }>(sql`
    SELECT agent, sum(cost) AS cost FROM (${costsIn(range, undefined)}) AS parts GROUP BY agent
    HAVING abs(coalesce(sum(cost), 0)) >= ${nearlyNothing}`)
  return new Map(rows.map(({ agent, cost }) => [agent, cost]))
}
