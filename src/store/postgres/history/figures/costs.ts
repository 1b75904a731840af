import type { SQL } from 'drizzle-orm'
import { dayMs, hourMs } from '../../../../shared/time/durations.ts'
import { nearlyNothing } from '../../../history/adding.ts'
import { parted, type Range, seqAt } from '../../../history/ranges.ts'
import type { TimeRange } from '../../../ports/run-figures.ts'
import type { Ask } from '../../database/session.ts'
import { shownName } from '../../runs/record.ts'
import { sql } from '../../sql/drizzle.ts'
import { texts } from '../../sql/statements.ts'

type Part = Range & { range: number }
type Table = 'run_totals_now' | 'run_days_now' | 'run_hours_now' | 'runs'

const among = (agents: string[] | undefined) => (agents ? sql`AND agent = ANY(${texts(agents.map(shownName))})` : sql``)

/** Rows with the number of each range and the cost of all runs in it: of whole days and hours by their sums, else run by run. */
function costsIn(ranges: TimeRange[], agents: string[] | undefined, by: 'agent' | undefined): SQL {
  const days: Part[] = []
  const hours: Part[] = []
  const rest: Part[] = []
  for (const [range, { from, to }] of ranges.entries()) {
    const ofDays = parted([{ low: from, high: to }], dayMs)
    const ofHours = parted(ofDays.rest, hourMs)
    days.push(...ofDays.whole.map(({ low, high }) => ({ range, low: low / dayMs, high: high / dayMs })))
    hours.push(...ofHours.whole.map(({ low, high }) => ({ range, low: low / hourMs, high: high / hourMs })))
    rest.push(...ofHours.rest.map(({ low, high }) => ({ range, low: seqAt(low), high: seqAt(high) })))
  }
  // Sums that do not tell agents apart are far fewer.
  const daily: Table = by || agents ? 'run_days_now' : 'run_totals_now'
  const [group, grouped] = by ? [sql`agent, `, sql`GROUP BY agent`] : [sql``, sql``]

  function summed(table: Table, parts: Part[]): SQL {
    const at = sql.raw(table === 'runs' ? 'seq' : 'at')
    const type = sql.raw(table === 'runs' ? 'bigint[]' : 'int[]')
    const bounds = [parts.map(({ low }) => low), parts.map(({ high }) => high)].map(
      (all) => sql`${sql.param(all)}::${type}`,
    )
    return sql`
      SELECT range, summed.* FROM unnest(${sql.param(parts.map(({ range }) => range))}::int[], ${bounds[0]}, ${bounds[1]}) AS parts(range, low, high),
        LATERAL (SELECT ${group}sum(cost) AS cost FROM ${sql.raw(table)} WHERE ${at} >= low AND ${at} < high ${among(agents)} ${grouped}) AS summed`
  }

  return sql`${summed(daily, days)} UNION ALL ${summed('run_hours_now', hours)} UNION ALL ${summed('runs', rest)}`
}

/** Of each range; null where no run told. */
export async function costsOf(ask: Ask, ranges: TimeRange[], agents?: string[]): Promise<(number | null)[]> {
  const [lows, highs] = [ranges.map(({ from }) => seqAt(from)), ranges.map(({ to }) => seqAt(to))]
  // In sums, an unknown cost counts as 0: then a run has to say that it was free.
  const rows = await ask.rows<{ cost: number; isFree: boolean }>(sql`
    SELECT cost, CASE WHEN abs(cost) < ${nearlyNothing} THEN EXISTS (
      SELECT FROM runs WHERE cost = 0 AND seq >= low AND seq < high ${among(agents)}
    ) ELSE false END AS "isFree"
    FROM (
      SELECT number, low, high, coalesce(sum(costs.cost), 0) AS cost
      FROM unnest(${sql.param(lows)}::bigint[], ${sql.param(highs)}::bigint[]) WITH ORDINALITY AS asked(low, high, number)
      LEFT JOIN (${costsIn(ranges, agents, undefined)}) AS costs ON costs.range = number - 1
      GROUP BY number, low, high
    ) AS all_costs ORDER BY number`)
  return rows.map(({ cost, isFree }) => (Math.abs(cost) >= nearlyNothing ? cost : isFree ? 0 : null))
}

export async function costsByAgent(ask: Ask, ranges: TimeRange[]): Promise<Map<string, number>[]> {
  const rows = await ask.rows<{ range: number; agent: string; cost: number }>(sql`
    SELECT range, agent, sum(cost) AS cost FROM (${costsIn(ranges, undefined, 'agent')}) AS costs GROUP BY range, agent
    HAVING abs(coalesce(sum(cost), 0)) >= ${nearlyNothing}`)
  const ofRange = Map.groupBy(rows, ({ range }) => range)
  return ranges.map((_, range) => new Map((ofRange.get(range) ?? []).map(({ agent, cost }) => [agent, cost])))
}
