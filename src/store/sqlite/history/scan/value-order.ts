import type { SQL } from 'drizzle-orm'
import type { Range } from '../../../history/ranges.ts'
import { sql } from '../../sql/drizzle.ts'
import type { RunConditions } from '../selection/selection.ts'
import { type AccessPath, costs, type Known } from './access-paths.ts'
import { also, asInteger, direction, within } from './clauses.ts'
import { selected } from './path-queries.ts'
import { isUnindexed } from './pieces.ts'

export type ValueCursor = { seq: number; value: number }

type ValueScan = { value: Known; from: ValueCursor | undefined; isDescending: boolean; max: number; more: SQL[] }

const inIndex = new Set(['agents', 'statuses'])

/** What looking at a row costs: the rows themselves lie all over the table. */
export function costAlong({ text, checks, isAgentUnsure }: RunConditions): number {
  const isInIndex = !text && !isAgentUnsure && [...checks.keys()].every((check) => inIndex.has(check))
  return isInIndex ? costs.next : costs.looked
}

export function sortedBy(path: AccessPath, columns: SQL, asked: ValueScan & { range: Range }): SQL {
  const { value, from, isDescending, max, range } = asked
  const column = sql.raw(`r.${value.of}`)
  const more = [...asked.more, ...(from ? [past(column, from, isDescending)] : [])]
  const rows = selected(path, sql`${column} AS value, ${columns}`, range, more)
  const order = direction(isDescending)
  return sql`${rows} ORDER BY value ${order}, seq ${order} LIMIT ${max}`
}

/** Rows along the index of a value, up to `to` and with it. */
export function along(found: RunConditions, columns: SQL, asked: ValueScan & { to: ValueCursor | undefined }): SQL {
  const { value, to, isDescending, max } = asked
  const column = sql.raw(`r.${value.of}`)
  const isUnsure = found.text?.match === undefined ? sql`0` : isUnindexed
  const before = to && past(column, { ...to, seq: isDescending ? to.seq - 1 : to.seq + 1 }, !isDescending)
  const checks = [...found.checks.values(), ...asked.more, ...(before ? [before] : [])]
  // A sum leads to no index: the one of values is to be used.
  const seq = sql`+r.seq`
  return sql`
    SELECT r.seq AS seq, ${column} AS value, ${isUnsure} AS isUnsure, ${columns} FROM ${start(found, asked)}
      AND ${within(seq, found.range)}${also(checks)}
    ORDER BY ${inOrder(column, isDescending)} LIMIT ${max}`
}

export function reachAlong(found: RunConditions, asked: Omit<ValueScan, 'more'>): SQL {
  const column = sql.raw(`r.${asked.value.of}`)
  return sql`
    SELECT r.seq AS seq, ${column} AS value FROM ${start(found, asked)}
    ORDER BY ${inOrder(column, asked.isDescending)} LIMIT 1 OFFSET ${asked.max - 1}`
}

function start(
  { longerThan }: RunConditions,
  { value, from, isDescending }: Pick<ValueScan, 'value' | 'from' | 'isDescending'>,
): SQL {
  const column = sql.raw(`r.${value.of}`)
  const isBound = value.of === 'duration' && longerThan !== undefined
  const least = isBound ? sql`${column} > ${longerThan}` : sql`${column} IS NOT NULL`
  // Given two lower bounds, SQLite may start at either.
  const bounds = !from
    ? least
    : isDescending && isBound
      ? sql`${past(column, from, true)} AND ${least}`
      : past(column, from, isDescending)
  return sql`run_index r INDEXED BY ${sql.raw(`ix_run_index_${value.of}`)} WHERE ${bounds}`
}

const past = (column: SQL, { value, seq }: ValueCursor, isDescending: boolean): SQL =>
  sql`(${column}, r.seq) ${sql.raw(isDescending ? '<' : '>')} (${value}, ${asInteger(seq)})`

const inOrder = (column: SQL, isDescending: boolean): SQL =>
  sql`${column} ${direction(isDescending)}, r.seq ${direction(isDescending)}`
