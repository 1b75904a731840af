import type { SQL } from 'drizzle-orm'
import type { RunCursor } from '../../../history/positions.ts'
import type { Scanned } from '../../../history/scanning.ts'
import type { RunOrder } from '../../../ports/run-pages.ts'
import { sql } from '../../sql/drizzle.ts'
import { direction } from './request.ts'

type Value = Exclude<RunOrder['by'], 'started'>

/** An order in which runs are read. */
export type Along = {
  /** Whether all runs are in it. */
  isWhole: boolean
  /** As a column, null in an order by start. */
  value: SQL
  order: SQL
  /** What has to be true of a row `r` to be in it at all. */
  where: SQL
  past(cursor: RunCursor): SQL
  upTo(cursor: RunCursor): SQL
  cursorOf(row: Pick<Scanned, 'seq' | 'value'>): RunCursor
}

/** By start; of the runs without a value, where that is given. */
export function alongStarts(isDescending: boolean, without?: Value): Along {
  const compared = (signs: string, { seq }: RunCursor) => sql`r.seq ${sql.raw(signs)} ${seq}::bigint`
  return {
    isWhole: without === undefined,
    value: sql`NULL::float8`,
    order: sql`r.seq ${direction(isDescending)}`,
    where: without ? sql`r.${sql.raw(without)} IS NULL` : sql`true`,
    past: (cursor) => compared(isDescending ? '<' : '>', cursor),
    upTo: (cursor) => compared(isDescending ? '>=' : '<=', cursor),
    cursorOf: ({ seq }) => (without ? { seq, value: null } : { seq }),
  }
}

/** By a value, of the runs that have it. */
export function alongValues(value: Value, isDescending: boolean): Along {
  const column = sql`r.${sql.raw(value)}`
  const compared = (signs: string, { seq, value }: RunCursor) =>
    sql`(${column}, r.seq) ${sql.raw(signs)} (${value}::float8, ${seq}::bigint)`
  return {
    isWhole: false,
    value: column,
    order: sql`${column} ${direction(isDescending)}, r.seq ${direction(isDescending)}`,
    where: sql`${column} IS NOT NULL`,
    past: (cursor) => compared(isDescending ? '<' : '>', cursor),
    upTo: (cursor) => compared(isDescending ? '>=' : '<=', cursor),
    cursorOf: ({ seq, value }) => ({ seq, value: value! }),
  }
}
