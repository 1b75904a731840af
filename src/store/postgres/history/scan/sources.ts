import type { SQL } from 'drizzle-orm'
import { everywhere, type Range } from '../../../history/ranges.ts'
import type { Ask } from '../../database/session.ts'
import { sql } from '../../sql/drizzle.ts'
import { texts } from '../../sql/statements.ts'
import type { RunConditions } from '../selection/conditions.ts'
import { inRange } from '../selection/tests.ts'
import { direction } from './request.ts'

/** A way to runs in the order of their starts, by an index for each of some names. */
export type Source = {
  /** How many names it has to merge. */
  width: number
  /** Whether it leads to selected runs alone. */
  isDirect: boolean
  /** Whether its runs lie all over their table. */
  isScattered: boolean
  /** Its runs of a range that has `max` of them at most, as a table. */
  within: (range: Range, max: number) => SQL
  rows: (columns: SQL, range: Range, isDescending: boolean, max: number) => SQL
}

/** Others may come meanwhile. */
const more = 1000

type Names = { column: Column; list: string[] }

export function sourceOf({ lists, checks, listed, text }: RunConditions): Source {
  const { agents, statuses, workflows } = lists
  const columns = [
    { column: 'workflow' as const, list: workflows },
    { column: 'agent' as const, list: agents },
    { column: 'status' as const, list: statuses },
  ]
  const given = columns.filter((one): one is Names => one.list !== undefined)
  // No index has a workflow and something else in this order.
  const names = given[0]?.column === 'workflow' ? given.slice(0, 1) : given
  const isDirect = !text && checks.length === listed && names.length === given.length
  const width = names.reduce((width, { list }) => width * list.length, 1)
  return { width, isDirect, isScattered: names.length > 0, rows: rowsOf(names), within: tableOf(names) }
}

function rowsOf(names: Names[]): Source['rows'] {
  const all = names.map(({ list }, index) => sql`unnest(${texts(list)}) AS name${sql.raw(String(index))}`)
  const given = names.map((_, index) => sql.raw(`name${index}`))
  return (columns, range, isDescending, max) => {
    const order = sql`ORDER BY seq ${direction(isDescending)} LIMIT ${max}`
    const read = sql`SELECT r.seq AS seq, ${columns} FROM runs r WHERE`
    if (names.length === 0) return sql`${read} ${inRange(range)} ${order}`
    const by = names.map(({ column }) => column)
    const ofOne = sql`${read} ${called(by, given, range)} ${alongNames(by, isDescending)} LIMIT ${max}`
    return sql`SELECT of_one.* FROM ${sql.join(all, sql`, `)}, LATERAL (${ofOne}) AS of_one ${order}`
  }
}

/** By their index alone: PostgreSQL would else read all runs of some names to have those of a short range. */
function tableOf(names: Names[]): Source['within'] {
  const all = names.map(({ list }, index) => sql`unnest(${texts(list)}) AS name${sql.raw(String(index))}`)
  const given = names.map((_, index) => sql.raw(`name${index}`))
  const by = names.map(({ column }) => column)
  return (range, max) => sql`(
    SELECT of_one.* FROM ${sql.join(all, sql`, `)}, LATERAL (
      SELECT r.* FROM runs r WHERE ${called(by, given, range)} ${alongNames(by, true)} LIMIT ${max + more}
    ) AS of_one)`
}

type Column = 'workflow' | 'agent' | 'status'

/** Runs `r` that have a name in each of some columns, within a range. Said as bounds of the index on these columns and
 * the start, in the order of `alongNames`: where PostgreSQL does not know how rare names are, it would else walk
 * through all runs by their starts. */
export function called(columns: Column[], names: SQL[], { low, high }: { low: number | SQL; high: number | SQL }): SQL {
  const key = sql.join([...columns.map((column) => sql`r.${sql.raw(column)}`), sql`r.seq`], sql`, `)
  const bound = (seq: number | SQL) => sql`(${sql.join(names, sql`, `)}, ${seq}::bigint)`
  return sql`(${key}) > ${bound(low)} AND (${key}) < ${bound(high)}`
}

export function alongNames(columns: Column[], isDescending: boolean): SQL {
  const keys = [...columns, 'seq'].map((column) => sql`r.${sql.raw(column)} ${direction(isDescending)}`)
  return sql`ORDER BY ${sql.join(keys, sql`, `)}`
}

/** The last of so many runs that a source leads to; undefined where there are no more. */
export async function reach(
  ask: Ask,
  source: Source,
  range: Range,
  isDescending: boolean,
  rows: number,
): Promise<number | undefined> {
  const ahead = source.rows(sql`1`, range, isDescending, rows)
  return (await ask.first<{ seq: number }>(sql`SELECT seq FROM (${ahead}) AS ahead OFFSET ${rows - 1}`))?.seq
}

/** Whether so few runs are in a range that each of them is soon looked at. */
export async function isShort(ask: Ask, range: Range, most: number): Promise<boolean> {
  if (range === everywhere) return false
  return range.high - range.low <= most || isWithin(ask, inRange(range), most)
}

async function isWithin(ask: Ask, way: SQL, most: number): Promise<boolean> {
  const counted = await ask.first<{ rows: number }>(
    sql`SELECT count(*) AS rows FROM (SELECT FROM runs r WHERE ${way} LIMIT ${most + 1}) AS ahead`,
  )
  return counted!.rows <= most
}

/** What leads to few runs by one index, all of the selected ones among them; undefined where nothing does. */
export async function shortWay(ask: Ask, found: RunConditions, most: number): Promise<SQL | undefined> {
  const { lists, range, measured } = found
  const isIn = (column: string, list: string[] | undefined) =>
    list ? [sql`r.${sql.raw(column)} = ANY(${texts(list)})`] : []
  const ways = [
    sql.join([inRange(range), ...isIn('agent', lists.agents), ...isIn('status', lists.statuses)], sql` AND `),
    ...isIn('workflow', lists.workflows),
    ...measured,
  ]
  for (const way of ways) if (await isWithin(ask, way, most)) return way
  return undefined
}
