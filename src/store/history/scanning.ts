import type { SQL } from 'drizzle-orm'
import type { RunOrder } from '../ports/run-pages.ts'
import type { RunCursor } from './positions.ts'
import type { Range } from './ranges.ts'

export const newestFirst: RunOrder = { by: 'started', isDescending: true }

/** `isUnsure`: only the texts can tell whether the run is selected. `value` is that of an order by one. */
export type Scanned = { seq: number; isUnsure: boolean | number; value?: number | null }

/** Rows that are selected, as far as indexes can tell. `to` is how far was searched, undefined at the end. */
export type Chunk<Row> = { rows: (Row & Scanned)[]; to: RunCursor | undefined; cost: number }

export type ScanRequest = {
  columns: SQL
  order: RunOrder
  isForward: boolean
  from: RunCursor | undefined
  size: number
}

export function past(seq: number, { low, high }: Range, isDescending: boolean): Range {
  return isDescending ? { low, high: Math.min(high, seq) } : { low: Math.max(low, seq), high }
}
