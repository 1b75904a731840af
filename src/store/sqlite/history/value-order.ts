import type { SQL } from 'drizzle-orm'
import { sql } from '../sql/drizzle.ts'
import { also, costs, direction, isUnindexed, type Known, placed, selected, type Way, within } from './access-paths.ts'
import type { Span } from './ranges.ts'
import type { RunConditions } from './selection.ts'

export type ValuePlace = { seq: number; value: number }

type Asked = { value: Known; from: ValuePlace | undefined; isDescending: boolean; most: number; more: SQL[] }

/** What the indexes of values have of each run. */
const inIndex = new Set(['agents', 'statuses'])

/** What looking at a row costs: the rows themselves lie all over the table. */
export function costAlong({ text, checks, isAgentUnsure }: RunConditions): number {
  const isInIndex = !text && !isAgentUnsure && [...checks.keys()].every((check) => inIndex.has(check))
  return isInIndex ? costs.next : costs.looked
}

/** Rows of a short way, all of them sorted by their values. */
export function sortedBy(way: Way, columns: SQL, asked: Asked & { span: Span }): SQL {
  const { value, from, isDescending, most, span } = asked
  const column = sql.raw(`r.${value.of}`)
  const more = [...asked.more, ...(from ? [past(column, from, isDescending)] : [])]
  const rows = selected(way, sql`${column} AS value, ${columns}`, span, more)
  const order = direction(isDescending)
  return sql`${rows} ORDER BY value ${order}, seq ${order} LIMIT ${most}`
}

/** Rows along the index of a value, up to and with a place. */
export function along(found: RunConditions, columns: SQL, asked: Asked & { to: ValuePlace | undefined }): SQL {
  const { value, to, isDescending, most } = asked
  const column = sql.raw(`r.${value.of}`)
  const isUnsure = found.text?.match === undefined ? sql`0` : isUnindexed
  const before = to && past(column, { ...to, seq: isDescending ? to.seq - 1 : to.seq + 1 }, !isDescending)
  const checks = [...found.checks.values(), ...asked.more, ...(before ? [before] : [])]
  // By a sum no index is found: the one of values is meant to be used.
  const place = sql`+r.seq`
  return sql`
    SELECT r.seq AS seq, ${column} AS value, ${isUnsure} AS isUnsure, ${columns} FROM ${start(found, asked)}
      AND ${within(place, found.span)}${also(checks)}
    ORDER BY ${inOrder(column, isDescending)} LIMIT ${most}`
}

/** Where the next `most` rows along the index of a value end, whether they pass the checks or not. */
export function reachAlong(found: RunConditions, asked: Omit<Asked, 'more'>): SQL {
  const column = sql.raw(`r.${asked.value.of}`)
  return sql`
    SELECT r.seq AS seq, ${column} AS value FROM ${start(found, asked)}
    ORDER BY ${inOrder(column, asked.isDescending)} LIMIT 1 OFFSET ${asked.most - 1}`
}

function start(
  { longerThan }: RunConditions,
  { value, from, isDescending }: Pick<Asked, 'value' | 'from' | 'isDescending'>,
): SQL {
  const column = sql.raw(`r.${value.of}`)
  const isBound = value.of === 'duration' && longerThan !== undefined
  const least = isBound ? sql`${column} > ${longerThan}` : sql`${column} IS NOT NULL`
  // Two lower bounds would leave it to SQLite which of them it starts at.
  const bounds = !from
    ? least
    : isDescending && isBound
      ? sql`${past(column, from, true)} AND ${least}`
      : past(column, from, isDescending)
  return sql`run_index r INDEXED BY ${sql.raw(`ix_run_index_${value.of}`)} WHERE ${bounds}`
}

const past = (column: SQL, { value, seq }: ValuePlace, isDescending: boolean): SQL =>
  sql`(${column}, r.seq) ${sql.raw(isDescending ? '<' : '>')} (${value}, ${placed(seq)})`

const inOrder = (column: SQL, isDescending: boolean): SQL =>
  sql`${column} ${direction(isDescending)}, r.seq ${direction(isDescending)}`
