import type { SQL } from 'drizzle-orm'
import type { RunCursor } from '../../../history/positions.ts'
import type { Range } from '../../../history/ranges.ts'
import type { RunOrder } from '../../../ports/run-pages.ts'
import { sql } from '../../sql/drizzle.ts'

export const newestFirst: RunOrder = { by: 'started', isDescending: true }

/** `isUnsure`: only the texts can tell whether the run is selected. `value` is that of an order by one. */
export type Scanned = { seq: number; isUnsure: boolean; value?: number | null }

/** Rows that are selected, as far as indexes can tell. `to` is how far was searched, undefined at the end. */
export type Chunk<Row> = { rows: (Row & Scanned)[]; to: RunCursor | undefined; cost: number }

export type ScanRequest = {
  columns: SQL
  order: RunOrder
  isForward: boolean
  from: RunCursor | undefined
  /** At most so many rows at once. */
  size: number
}

/**
 * The limits of a step: rows that are looked at together, at first and at most; rows that are sorted rather than walked
 * along; and runs with some words that are found by these.
 */
export type Steps = { first: number; window: number; sorted: number; rare: number }
export const usualSteps: Steps = { first: 400, window: 20_000, sorted: 4000, rare: 10_000 }

export const direction = (isDescending: boolean): SQL => sql.raw(isDescending ? 'DESC' : 'ASC')

export function past(seq: number, { low, high }: Range, isDescending: boolean): Range {
  return isDescending ? { low, high: Math.min(high, seq) } : { low: Math.max(low, seq), high }
}
