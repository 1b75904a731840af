import type { SQL } from 'drizzle-orm'
import type { Range } from '../../../history/ranges.ts'
import { sql } from '../../sql/drizzle.ts'

// FTS5 seeks to a rowid only when it is given an integer, and the driver binds large numbers as floats.
export const asInteger = (seq: number): SQL => sql`CAST(${seq} AS INTEGER)`
export const within = (seq: SQL, { low, high }: Range): SQL =>
  sql`${seq} > ${asInteger(low)} AND ${seq} < ${asInteger(high)}`
export const also = (conditions: SQL[]): SQL => sql.join(conditions.map((condition) => sql` AND ${condition}`))
export const direction = (isDescending: boolean): SQL => sql.raw(isDescending ? 'DESC' : 'ASC')
export const union = (parts: SQL[]): SQL => sql.join(parts, sql` UNION ALL `)
