import type { SQL } from 'drizzle-orm'
import type { Range } from '../../../history/ranges.ts'
import { sql } from '../../sql/drizzle.ts'
import { within } from './clauses.ts'

/** Rows of run_index, as `r`, that some index gives in the order of `seq`. */
export type Piece = {
  from: SQL
  /** As `from`, where only `seq` is asked for. */
  bare: SQL
  seq: SQL
  where: SQL
  /** Whether its rows wait to be indexed, so that only their payloads can tell. */
  isUnsure: SQL
}

const beyondSeqs = sql.raw('9223372036854775807')

/** A run that waits to be indexed, or is too long for that, may have the words or not. */
const isInNone = (seq: SQL): SQL =>
  sql`(${isListedIn('run_search_queue', seq)} OR ${isListedIn('run_search_long', seq)})`

/** Most rows come before all that wait, and need no look-up. */
function isListedIn(name: string, seq: SQL): SQL {
  const table = sql.raw(name)
  return sql`(${seq} >= coalesce((SELECT min(seq) FROM ${table}), ${beyondSeqs})
    AND EXISTS (SELECT 1 FROM ${table} AS one WHERE one.seq = ${seq}))`
}
export const isUnindexed = isInNone(sql`r.seq`)

/** Whether a row may have the words; looked up among all that have them in a range. */
export const areListed = (words: string, range: Range): SQL =>
  sql`(r.seq IN (SELECT f.rowid FROM run_search f WHERE f.run_search MATCH ${words} AND ${within(sql`f.rowid`, range)})
    OR ${isUnindexed})`

export const areThere = (words: string): SQL =>
  sql`(EXISTS (SELECT 1 FROM run_search f WHERE f.run_search MATCH ${words} AND f.rowid = r.seq) OR ${isUnindexed})`

export function indexed(table: string, where: SQL, isUnsure: SQL): Piece {
  const from = sql.raw(table)
  return { from, bare: from, seq: sql`r.seq`, where, isUnsure }
}

export const searched = (match: string): Piece => ({
  from: sql`run_search f CROSS JOIN run_index r ON r.seq = f.rowid`,
  bare: sql`run_search f`,
  seq: sql`f.rowid`,
  where: sql`f.run_search MATCH ${match} AND NOT ${isInNone(sql`f.rowid`)}`,
  isUnsure: sql`0`,
})

export const queued: Piece = {
  from: sql`run_search_queue q CROSS JOIN run_index r ON r.seq = q.seq`,
  bare: sql`run_search_queue q`,
  seq: sql`q.seq`,
  where: sql`TRUE`,
  isUnsure: sql`1`,
}

export const long: Piece = {
  from: sql`run_search_long l CROSS JOIN run_index r ON r.seq = l.seq`,
  bare: sql`run_search_long l`,
  seq: sql`l.seq`,
  where: sql`NOT EXISTS (SELECT 1 FROM run_search_queue q WHERE q.seq = l.seq)`,
  isUnsure: sql`1`,
}
