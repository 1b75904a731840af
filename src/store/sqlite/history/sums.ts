import type { SQL } from 'drizzle-orm'
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
type Unit = keyof typeof units
const endsOfOne = 2

export type RunSums = ReturnType<typeof createRunSums>

/** Whole days and hours by their kept sums, the rest run by run. Only for conditions with `sums`. */
export function createRunSums(db: Store['db'], names: RunNames) {
  const statements = statementsOf(db)
  const { columns, read } = createSumColumns(names)

  function ofWhole(found: RunConditions, unit: Unit, ranges: Range[]): SumsAt[] {
    const ms = units[unit]
    const table = sql.raw(unit === 'hour' ? 'run_hours' : daysOf(found))
    const bounds = ranges.map(({ low, high }) => ({ low: low / ms, high: high / ms }))
    const ask = (places: SQL) =>
      statements
        .values<[number, ...Numbers]>(
          sql`SELECT at, ${columns(found, 'runs')} FROM ${places} AND ${found.sums!} GROUP BY at`,
        )
        .map(([at, ...numbers]) => ({ at: at * ms, ...read(found, numbers) }))
    // SQLite reads the rows of one range in their order; of many it sorts them, but is asked once.
    if (ranges.length <= endsOfOne)
      return bounds.flatMap(({ low, high }) => ask(sql`${table} WHERE at >= ${low} AND at < ${high}`))
    const values = sql.join(
      bounds.map(({ low, high }) => sql`(${low}, ${high})`),
      sql`, `,
    )
    return ask(sql`(SELECT column1 AS low, column2 AS high FROM (VALUES ${values})) AS ranges CROSS JOIN ${table}
      WHERE at >= ranges.low AND at < ranges.high`)
  }

  function oneByOne(found: RunConditions, ranges: Range[]): SumsAt[] {
    if (ranges.length === 0) return []
    const bounds = ranges.map(({ low, high }) => sql`(${low}, ${asInteger(seqAt(low))}, ${asInteger(seqAt(high))})`)
    const rows = statements.values<[number, string]>(sql`
      WITH ranges(at, low, high) AS (VALUES ${sql.join(bounds, sql`, `)})
      SELECT at, (
        SELECT json_array(${columns(found, '1')}) FROM run_index r NOT INDEXED
        WHERE r.seq >= ranges.low AND r.seq < ranges.high${also([...found.checks.values()])}
      ) FROM ranges`)
    return rows.map(([at, numbers]) => ({ at, ...read(found, JSON.parse(numbers)) }))
  }

  function inParts(found: RunConditions, ranges: Range[], [unit, ...finer]: Unit[]): SumsAt[] {
    if (unit === undefined) return oneByOne(found, ranges)
    const { whole, rest } = parted(ranges, units[unit])
    return [...ofWhole(found, unit, whole), ...inParts(found, rest, finer)]
  }

  return {
    /** Of runs with an unknown start too. */
    ofAll(found: RunConditions): Sums {
      const query = sql`SELECT ${columns(found, 'runs')} FROM ${sql.raw(daysOf(found))} WHERE ${found.sums!}`
      return read(found, statements.values<Numbers>(query)[0]!)
    },

    runs: (): number =>
      statements.get<{ runs: number }>(sql`SELECT coalesce(sum(runs), 0) AS runs FROM run_totals`).runs,

    ofUnknownStart(found: RunConditions): Sums {
      const query = sql`SELECT ${columns(found, 'runs')} FROM run_hours WHERE at <= 0 AND ${found.sums!}`
      return read(found, statements.values<Numbers>(query)[0]!)
    },

    /** A range in milliseconds, in parts no longer than `grain`, in no order. Without runs there may be none. */
    between: (found: RunConditions, range: Range, grain: Unit) =>
      inParts(found, [range], grain === 'day' ? ['day', 'hour'] : ['hour']),

    /** The same of ranges that follow each other; no part is in two of them. */
    betweenEach: (found: RunConditions, ranges: Range[]) => inParts(found, ranges, ['day', 'hour']),

    oneByOne,

    firstHour(found: RunConditions): number | undefined {
      const first = sql`SELECT min(at) AS at FROM run_hours WHERE at > 0 AND ${found.sums!}`
      const { at } = statements.get<{ at: number | null }>(first)
      return at === null ? undefined : at * hourMs
    },
  }
}

/** The table that does not tell agents apart has far fewer rows. */
const daysOf = ({ checks }: RunConditions) => (checks.has('agents') ? 'run_days' : 'run_totals')
