import type { SQL } from 'drizzle-orm'
import type { Store } from '../file/open.ts'
import { sql } from '../sql/drizzle.ts'
import { statementsOf } from '../sql/statements.ts'
import { also, placed } from './access-paths.ts'
import type { RunNames } from './names.ts'
import { type Span, seqAt } from './ranges.ts'
import type { RunConditions } from './selection.ts'

/** What runs add up to. Tokens and costs that are not known count as none. */
export type Sums = { byStatus: Map<string, number>; tokens: number; cost: number }
/** `at`: where the span of time begins, in milliseconds. */
export type SumsAt = Sums & { at: number }
/** The numbers of a row: runs by status, all runs, tokens, cost. */
type Numbers = (number | null)[]

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs
const units = { day: dayMs, hour: hourMs }
const mostStatuses = 100
/** Counts what is none of these, or bytes that no text is equal to. */
const otherStatus = 'other'

export type RunSums = ReturnType<typeof createRunSums>

/**
 * Adds up runs: whole days and hours by the sums that are kept of them, the rest run by run. Only for conditions with
 * `sums`.
 */
export function createRunSums(db: Store['db'], names: RunNames) {
  const ask = statementsOf(db)
  const statusesOf = new WeakMap<RunConditions, string[]>()

  function statuses(found: RunConditions): string[] {
    const known = statusesOf.get(found)
    if (known) return known
    const meant = names.statuses(mostStatuses).filter((status) => !found.statuses || found.statuses.includes(status))
    statusesOf.set(found, meant)
    return meant
  }

  /** A column for each status: to group by it, SQLite would sort all rows. */
  function columns(found: RunConditions, runs: string): SQL {
    const counts = statuses(found).map((status) => sql`sum(${sql.raw(runs)}) FILTER (WHERE status = ${status})`)
    return sql.join([...counts, sql`sum(${sql.raw(runs)})`, sql`sum(tokens)`, sql`sum(cost)`], sql`, `)
  }

  function read(found: RunConditions, numbers: Numbers): Sums {
    const byStatus = new Map(statuses(found).map((status, index) => [status, numbers[index] ?? 0]))
    const rest = (numbers.at(-3) ?? 0) - total({ byStatus })
    byStatus.set(otherStatus, (byStatus.get(otherStatus) ?? 0) + rest)
    return {
      byStatus: new Map([...byStatus].filter(([, runs]) => runs > 0)),
      tokens: numbers.at(-2) ?? 0,
      cost: numbers.at(-1) ?? 0,
    }
  }

  function fromSums(found: RunConditions, unit: 'day' | 'hour', { low, high }: Span): SumsAt[] {
    const ms = units[unit]
    const table = unit === 'hour' ? 'run_hours' : daysOf(found)
    const rows = ask.values<[number, ...Numbers]>(sql`
      SELECT at, ${columns(found, 'runs')} FROM ${sql.raw(table)}
      WHERE at >= ${low / ms} AND at < ${high / ms} AND ${found.sums!} GROUP BY at`)
    return rows.map(([at, ...numbers]) => ({ at: at * ms, ...read(found, numbers) }))
  }

  /** Run by run, for each of some spans of time in milliseconds. */
  function oneByOne(found: RunConditions, spans: Span[]): SumsAt[] {
    if (spans.length === 0) return []
    const bounds = spans.map(({ low, high }) => sql`(${low}, ${placed(seqAt(low))}, ${placed(seqAt(high))})`)
    const rows = ask.values<[number, string]>(sql`
      WITH spans(at, low, high) AS (VALUES ${sql.join(bounds, sql`, `)})
      SELECT at, (
        SELECT json_array(${columns(found, '1')}) FROM run_index r NOT INDEXED
        WHERE r.seq >= spans.low AND r.seq < spans.high${also([...found.checks.values()])}
      ) FROM spans`)
    return rows.map(([at, numbers]) => ({ at, ...read(found, JSON.parse(numbers)) }))
  }

  /** A span of time in parts that are no longer than `grain`, in no order; where no run started there may be none. */
  function between(found: RunConditions, span: Span, grain: 'day' | 'hour'): SumsAt[] {
    const ms = units[grain]
    const low = Math.ceil(span.low / ms) * ms
    const high = Math.floor(span.high / ms) * ms
    const ends =
      low < high
        ? [
            { low: span.low, high: low },
            { low: high, high: span.high },
          ]
        : [span]
    const rest = ends.filter((end) => end.low < end.high)
    return [
      ...(low < high ? fromSums(found, grain, { low, high }) : []),
      ...(grain === 'day' ? rest.flatMap((end) => between(found, end, 'hour')) : oneByOne(found, rest)),
    ]
  }

  return {
    /** All runs, whenever they started, also where that is unknown. */
    ofAll(found: RunConditions): Sums {
      const query = sql`SELECT ${columns(found, 'runs')} FROM ${sql.raw(daysOf(found))} WHERE ${found.sums!}`
      return read(found, ask.values<Numbers>(query)[0]!)
    },

    /** How many runs there are. */
    runs: (): number => ask.get<{ runs: number }>(sql`SELECT coalesce(sum(runs), 0) AS runs FROM run_totals`).runs,

    /** Runs of which nobody can read when they started; none is between any times. */
    ofUnknownStart(found: RunConditions): Sums {
      const query = sql`SELECT ${columns(found, 'runs')} FROM run_hours WHERE at <= 0 AND ${found.sums!}`
      return read(found, ask.values<Numbers>(query)[0]!)
    },

    between,

    oneByOne,

    /** The hour in which the first run started, in milliseconds; undefined when there is none. */
    firstHour(found: RunConditions): number | undefined {
      const first = sql`SELECT min(at) AS at FROM run_hours WHERE at > 0 AND ${found.sums!}`
      const { at } = ask.get<{ at: number | null }>(first)
      return at === null ? undefined : at * hourMs
    },
  }
}

/** The table that does not tell agents apart has so many times fewer rows as there are agents. */
const daysOf = ({ checks }: RunConditions) => (checks.has('agents') ? 'run_days' : 'run_totals')

export function added(parts: Sums[]): Sums {
  const byStatus = new Map<string, number>()
  for (const part of parts) {
    for (const [status, runs] of part.byStatus) byStatus.set(status, (byStatus.get(status) ?? 0) + runs)
  }
  const sum = (of: (part: Sums) => number) => parts.reduce((total, part) => total + of(part), 0)
  return { byStatus, tokens: sum(({ tokens }) => tokens), cost: sum(({ cost }) => cost) }
}

export const total = ({ byStatus }: Pick<Sums, 'byStatus'>): number =>
  [...byStatus.values()].reduce((runs, one) => runs + one, 0)
