import { dayMs, hourMs } from '../../../shared/time/durations.ts'
import type { Sums, SumsAt } from '../../history/adding.ts'
import { parted, type Range, seqAt } from '../../history/ranges.ts'
import type { Store } from '../file/open.ts'
import { sql } from '../sql/drizzle.ts'
import { statementsOf } from '../sql/statements.ts'
import { also, asInteger } from './scan/clauses.ts'
import type { RunNames } from './selection/names.ts'
import type { RunConditions } from './selection/selection.ts'
import { createSumColumns, type Numbers } from './sum-columns.ts'

const units = { day: dayMs, hour: hourMs }

export type RunSums = ReturnType<typeof createRunSums>

/** Whole days and hours by their kept sums, the rest run by run. Only for conditions with `sums`. */
export function createRunSums(db: Store['db'], names: RunNames) {
  const ask = statementsOf(db)
  const { columns, read } = createSumColumns(names)

  function fromSums(found: RunConditions, unit: 'day' | 'hour', { low, high }: Range): SumsAt[] {
    const ms = units[unit]
    const table = unit === 'hour' ? 'run_hours' : daysOf(found)
    const rows = ask.values<[number, ...Numbers]>(sql`
      SELECT at, ${columns(found, 'runs')} FROM ${sql.raw(table)}
      WHERE at >= ${low / ms} AND at < ${high / ms} AND ${found.sums!} GROUP BY at`)
    return rows.map(([at, ...numbers]) => ({ at: at * ms, ...read(found, numbers) }))
  }

  function oneByOne(found: RunConditions, ranges: Range[]): SumsAt[] {
    if (ranges.length === 0) return []
    const bounds = ranges.map(({ low, high }) => sql`(${low}, ${asInteger(seqAt(low))}, ${asInteger(seqAt(high))})`)
    const rows = ask.values<[number, string]>(sql`
      WITH ranges(at, low, high) AS (VALUES ${sql.join(bounds, sql`, `)})
      SELECT at, (
        SELECT json_array(${columns(found, '1')}) FROM run_index r NOT INDEXED
        WHERE r.seq >= ranges.low AND r.seq < ranges.high${also([...found.checks.values()])}
      ) FROM ranges`)
    return rows.map(([at, numbers]) => ({ at, ...read(found, JSON.parse(numbers)) }))
  }

  /** A range in milliseconds, in parts no longer than `grain`, in no order. Without runs there may be none. */
  function between(found: RunConditions, range: Range, grain: 'day' | 'hour'): SumsAt[] {
    const { whole, rest } = parted([range], units[grain])
    return [
      ...whole.flatMap((one) => fromSums(found, grain, one)),
      ...(grain === 'day' ? rest.flatMap((end) => between(found, end, 'hour')) : oneByOne(found, rest)),
    ]
  }

  /** The same of ranges that follow each other, with one question for each grain; no part is in two ranges. */
  function betweenEach(found: RunConditions, ranges: Range[]): SumsAt[] {
    const days = parted(ranges, dayMs)
    const hours = parted(days.rest, hourMs)
    return [
      ...ofWhole(found, 'day', days.whole),
      ...ofWhole(found, 'hour', hours.whole),
      ...oneByOne(found, hours.rest),
    ]
  }

  function ofWhole(found: RunConditions, unit: 'day' | 'hour', ranges: Range[]): SumsAt[] {
    if (ranges.length === 0) return []
    const ms = units[unit]
    const table = unit === 'hour' ? 'run_hours' : daysOf(found)
    const bounds = ranges.map(({ low, high }) => sql`(${low / ms}, ${high / ms})`)
    const rows = ask.values<[number, ...Numbers]>(sql`
      WITH ranges(low, high) AS (VALUES ${sql.join(bounds, sql`, `)})
      SELECT at, ${columns(found, 'runs')} FROM ranges CROSS JOIN ${sql.raw(table)}
      WHERE at >= ranges.low AND at < ranges.high AND ${found.sums!} GROUP BY at`)
    return rows.map(([at, ...numbers]) => ({ at: at * ms, ...read(found, numbers) }))
  }

  return {
    /** Of runs with an unknown start too. */
    ofAll(found: RunConditions): Sums {
      const query = sql`SELECT ${columns(found, 'runs')} FROM ${sql.raw(daysOf(found))} WHERE ${found.sums!}`
      return read(found, ask.values<Numbers>(query)[0]!)
    },

    runs: (): number => ask.get<{ runs: number }>(sql`SELECT coalesce(sum(runs), 0) AS runs FROM run_totals`).runs,

    ofUnknownStart(found: RunConditions): Sums {
      const query = sql`SELECT ${columns(found, 'runs')} FROM run_hours WHERE at <= 0 AND ${found.sums!}`
      return read(found, ask.values<Numbers>(query)[0]!)
    },

    between,

    betweenEach,

    oneByOne,

    /** In milliseconds; undefined when there is no run. */
    firstHour(found: RunConditions): number | undefined {
      const first = sql`SELECT min(at) AS at FROM run_hours WHERE at > 0 AND ${found.sums!}`
      const { at } = ask.get<{ at: number | null }>(first)
      return at === null ? undefined : at * hourMs
    },
  }
}

/** The table that does not tell agents apart has far fewer rows. */
const daysOf = ({ checks }: RunConditions) => (checks.has('agents') ? 'run_days' : 'run_totals')
