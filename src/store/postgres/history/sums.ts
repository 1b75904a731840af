import type { SQL } from 'drizzle-orm'
import { dayMs, hourMs } from '../../../shared/time/durations.ts'
import type { Sums, SumsAt } from '../../history/adding.ts'
import { msOf, parted, type Range, seqAt } from '../../history/ranges.ts'
import type { Ask } from '../database/session.ts'
import { sql } from '../sql/drizzle.ts'
import { list } from '../sql/statements.ts'
import { sourceOf } from './scan/sources.ts'
import type { RunConditions } from './selection/conditions.ts'

/** For conditions with `sums`: whole days and hours by what is kept of them, the rest run by run. */

type Unit = 'day' | 'hour'
type Row = { at: number; status: string; runs: number; tokens: number; cost: number }

const units = { day: dayMs, hour: hourMs }
const numbers = sql`status, sum(runs) AS runs, sum(tokens) AS tokens, sum(cost) AS cost`

/** The table that does not tell agents apart has far fewer rows. */
const tableOf = (found: RunConditions, unit: Unit): SQL =>
  unit === 'hour' ? sql`run_hours_now` : found.hasAgents ? sql`run_days_now` : sql`run_totals_now`

function partsOf(rows: Row[], ms: number): SumsAt[] {
  return [...Map.groupBy(rows, ({ at }) => at)].map(([at, parts]) => ({ at: at * ms, ...sumOf(parts) }))
}

function sumOf(rows: Row[]): Sums {
  const sum = (of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0)
  return {
    byStatus: new Map(rows.map(({ status, runs }) => [status, runs])),
    tokens: sum(({ tokens }) => tokens),
    cost: sum(({ cost }) => cost),
  }
}

async function ofWhole(ask: Ask, found: RunConditions, unit: Unit, ranges: Range[]): Promise<SumsAt[]> {
  if (ranges.length === 0) return []
  const ms = units[unit]
  const bounds = ranges.map(({ low, high }) => sql`(at >= ${low / ms}::int AND at < ${high / ms}::int)`)
  const rows = await ask.rows<Row>(sql`
    SELECT at, ${numbers} FROM ${tableOf(found, unit)}
    WHERE (${sql.join(bounds, sql` OR `)}) AND ${found.sums!} GROUP BY at, status HAVING sum(runs) > 0`)
  return partsOf(rows, ms)
}

export async function oneByOne(ask: Ask, found: RunConditions, ranges: Range[]): Promise<SumsAt[]> {
  if (ranges.length === 0) return []
  const bounds = ranges.map(({ low, high }) => sql`(${low}::bigint, ${seqAt(low)}::bigint, ${seqAt(high)}::bigint)`)
  const checks = [sql`r.seq >= ranges.low`, sql`r.seq < ranges.high`, ...found.checks]
  const rows = await ask.rows<Row>(sql`
    SELECT ranges.at, summed.* FROM (VALUES ${list(bounds)}) AS ranges(at, low, high), LATERAL (
      SELECT status, count(*) AS runs, coalesce(sum(tokens), 0) AS tokens, coalesce(sum(cost), 0) AS cost
      FROM runs r WHERE ${sql.join(checks, sql` AND `)} GROUP BY status
    ) AS summed`)
  return partsOf(rows, 1)
}

/** A range in milliseconds, in parts no longer than `grain`, in no order. Without runs there may be none. */
export async function between(ask: Ask, found: RunConditions, range: Range, grain: Unit): Promise<SumsAt[]> {
  const days = grain === 'day' ? parted([range], dayMs) : { whole: [], rest: [range] }
  return [...(await ofWhole(ask, found, 'day', days.whole)), ...(await withinDays(ask, found, days.rest))]
}

/** The same of ranges that follow each other; no part is in two of them. */
export async function betweenEach(ask: Ask, found: RunConditions, ranges: Range[]): Promise<SumsAt[]> {
  const days = parted(ranges, dayMs)
  return [...(await ofWhole(ask, found, 'day', days.whole)), ...(await withinDays(ask, found, days.rest))]
}

async function withinDays(ask: Ask, found: RunConditions, ranges: Range[]): Promise<SumsAt[]> {
  const hours = parted(ranges, hourMs)
  return [...(await ofWhole(ask, found, 'hour', hours.whole)), ...(await oneByOne(ask, found, hours.rest))]
}

/** Of runs with an unknown start too. */
export async function ofAll(ask: Ask, found: RunConditions): Promise<Sums> {
  return sumOf(
    await ask.rows<Row>(
      sql`SELECT 0 AS at, ${numbers} FROM ${tableOf(found, 'day')} WHERE ${found.sums!} GROUP BY status HAVING sum(runs) > 0`,
    ),
  )
}

export async function ofUnknownStart(ask: Ask, found: RunConditions): Promise<Sums> {
  return sumOf(
    await ask.rows<Row>(
      sql`SELECT 0 AS at, ${numbers} FROM run_hours_now WHERE at <= 0 AND ${found.sums!} GROUP BY status HAVING sum(runs) > 0`,
    ),
  )
}

export async function firstHour(ask: Ask, found: RunConditions): Promise<number | undefined> {
  const source = sourceOf(found)
  if (source.isDirect) {
    const dated = { low: seqAt(hourMs) - 1, high: found.range.high }
    const run = await ask.first<{ seq: number }>(source.rows(sql`1`, dated, false, 1))
    return run && Math.floor(msOf(run.seq) / hourMs) * hourMs
  }
  const first = (table: SQL, from: number) => sql`
    SELECT at FROM ${table} WHERE at >= ${from}::int AND ${found.sums!} GROUP BY at HAVING sum(runs) > 0 ORDER BY at LIMIT 1`
  const day = await ask.first<{ at: number }>(first(tableOf(found, 'day'), 0))
  if (!day) return undefined
  const hour = await ask.first<{ at: number }>(first(sql`run_hours_now`, Math.max(1, day.at * (dayMs / hourMs))))
  return hour && hour.at * hourMs
}

export const allRuns = async (ask: Ask): Promise<number> =>
  (await ask.first<{ runs: number }>(sql`SELECT coalesce(sum(runs), 0) AS runs FROM run_totals_now`))!.runs
