import type { SQL } from 'drizzle-orm'
import type { RunCursor } from '../../../history/positions.ts'
import type { Range } from '../../../history/ranges.ts'
import type { RunOrder } from '../../../ports/run-pages.ts'

export const newestFirst: RunOrder = { by: 'started', isDescending: true }

/** `isUnsure`: only the payloads can tell whether the run is selected. */
export type Scanned = { seq: number; isUnsure: number; value?: number | null }

/** Rows that are selected, as far as indexes can tell. `to` is how far was searched, undefined at the end. */
export type Chunk<Row> = { rows: (Row & Scanned)[]; to: RunCursor | undefined; cost: number }

export type ScanRequest = {
  columns: SQL
  order: RunOrder
  isForward: boolean
  from: RunCursor | undefined
  size: number
}

/** The limits of a step: its cost; rows to find the best path, to be sorted, to be held. */
export type Steps = { cost: number; probed: number; sorted: number; held: number }
export const usualSteps: Steps = { cost: 4000, probed: 1000, sorted: 4000, held: 10_000 }

export function past(seq: number, { low, high }: Range, isDescending: boolean): Range {
  return isDescending ? { low, high: Math.min(high, seq) } : { low: Math.max(low, seq), high }
}

export function upTo(seq: number, { low, high }: Range, isDescending: boolean): Range {
  return isDescending ? { low: seq - 1, high } : { low, high: seq + 1 }
}
