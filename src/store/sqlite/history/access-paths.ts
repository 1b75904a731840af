import type { SQL } from 'drizzle-orm'
import type { RunTest } from '../../ports/run-selection.ts'
import { sql } from '../sql/drizzle.ts'
import type { Span } from './ranges.ts'
import { type Check, mostWords, type RunConditions } from './selection.ts'
import { idCheck, rangeCheck } from './tests.ts'

/** Rows of run_index, as `r`, that some index gives in the order of their places. */
type Piece = {
  from: SQL
  /** As `from`, where only places are asked for. */
  bare: SQL
  place: SQL
  where: SQL
  /** Whether its rows wait to be indexed, so that only their payloads can tell. */
  isUnsure: SQL
}

/** One of the ways to come by the rows of a selection: the pieces together hold all of them, each once. */
export type Way = {
  pieces: Piece[]
  /** What is still to be checked of a row, and the words that it still has to have. */
  checks: SQL[]
  words: string | undefined
  /** What looking at a row costs, in microseconds or so. */
  rowCost: number
  /** Whether the pieces are in the order of places; else all has to be sorted. */
  isOrdered: boolean
}

export type Value = 'duration' | 'tokens' | 'cost'
/** Runs of which a value is known, or those of which it is not. */
export type Known = { of: Value; isKnown: boolean }

export const costs = {
  /** The next row of the table, or of an index that has all that is asked. */
  next: 0.2,
  /** A row that the index of words leads to. */
  found: 2,
  /** A row that any other leads to. */
  looked: 2,
  /** To look one place up in the index of words. */
  searched: 15,
}

/** All ways to the rows of a selection, or to those of which a value is known or not. There is at least one. */
export function waysOf(found: RunConditions, value?: Known): Way[] {
  const { agents, statuses, workflows, checks, text, longerThan, tests, isAgentUnsure } = found
  const needed = new Map<Check | 'value', SQL>(checks)
  if (value) needed.set('value', sql.raw(`r.${value.of} IS ${value.isKnown ? 'NOT NULL' : 'NULL'}`))
  const words = text?.match
  const isUnsure = words === undefined ? sql`0` : isUnindexed
  const ways: Way[] = []

  function add(pieces: Piece[], settled: (Check | 'value')[], more: Partial<Way> = {}): void {
    const checks = [...needed].filter(([check]) => !settled.includes(check)).map(([, condition]) => condition)
    ways.push({ pieces, checks, words, rowCost: costs.looked, isOrdered: true, ...more })
  }
  const piece = (index: string, where: SQL) => indexed(`run_index r INDEXED BY ${index}`, where, isUnsure)
  const agentsSettled: Check[] = isAgentUnsure ? [] : ['agents']

  if (agents && statuses && agents.length * statuses.length <= mostWords) {
    const pairs = agents.flatMap((agent) => statuses.map((status) => sql`r.agent = ${agent} AND r.status = ${status}`))
    add(
      pairs.map((pair) => piece('ix_run_index_agent_status', pair)),
      [...agentsSettled, 'statuses'],
    )
  } else {
    if (agents)
      add(
        agents.map((agent) => piece('ix_run_index_agent', sql`r.agent = ${agent}`)),
        agentsSettled,
      )
    if (statuses)
      add(
        statuses.map((status) => piece('ix_run_index_status', sql`r.status = ${status}`)),
        ['statuses'],
      )
  }
  if (workflows) {
    add(
      workflows.map((workflow) => piece('ix_run_index_workflow', sql`r.workflow = ${workflow}`)),
      ['workflows'],
    )
  }
  if (value && !value.isKnown) {
    add([piece(`ix_run_index_${value.of}`, sql.raw(`r.${value.of} IS NULL`))], ['value'])
  }
  if (words !== undefined) add([searched(words), queued, long], [], { words: undefined, rowCost: costs.found })
  // Narrow spans of time, and selections of which no index knows anything.
  add([indexed('run_index r NOT INDEXED', sql`TRUE`, isUnsure)], [], { rowCost: costs.next })
  if (longerThan !== undefined) {
    const settled: (Check | 'value')[] = value?.of === 'duration' && value.isKnown ? ['longer', 'value'] : ['longer']
    add([piece('ix_run_index_duration', sql`r.duration > ${longerThan}`)], settled, { isOrdered: false })
  }
  for (const [index, test] of tests.entries()) {
    const piece = pieceOf(test, isUnsure)
    if (piece) add([piece], [`test ${index}`], { isOrdered: false })
  }
  return ways
}

/** The rows that pass a test, where an index leads to them. */
function pieceOf(test: RunTest, isUnsure: SQL): Piece | undefined {
  if (test.isNot) return undefined
  if (test.of === 'id')
    return indexed('run_index r INDEXED BY ux_run_index_run', idCheck(test, sql`r.run_id`), isUnsure)
  if (test.of !== 'cost' && test.of !== 'tokens' && test.of !== 'duration') return undefined
  const { from, above } = test.range
  // All values but the largest are too many.
  if (from === undefined && above === undefined) return undefined
  const index = `run_index r INDEXED BY ix_run_index_${test.of}`
  return indexed(index, rangeCheck(sql.raw(`r.${test.of}`), test.range), isUnsure)
}

const beyondPlaces = sql.raw('9223372036854775807')

/** A run that waits to be indexed, or is too long for that, may have the words or not. */
const isInNone = (place: SQL): SQL =>
  sql`(${isListedIn('run_search_queue', place)} OR ${isListedIn('run_search_long', place)})`

/** Most lie before all that wait, of which nothing has to be looked up for them. */
function isListedIn(name: string, place: SQL): SQL {
  const table = sql.raw(name)
  return sql`(${place} >= coalesce((SELECT min(seq) FROM ${table}), ${beyondPlaces})
    AND EXISTS (SELECT 1 FROM ${table} AS one WHERE one.seq = ${place}))`
}
export const isUnindexed = isInNone(sql`r.seq`)

/** Whether a row has the words, or waits to be indexed; looked up among all that have them in a span. */
export const areListed = (words: string, span: Span): SQL =>
  sql`(r.seq IN (SELECT f.rowid FROM run_search f WHERE f.run_search MATCH ${words} AND ${within(sql`f.rowid`, span)})
    OR ${isUnindexed})`

/** The same, looked up row by row. */
export const areThere = (words: string): SQL =>
  sql`(EXISTS (SELECT 1 FROM run_search f WHERE f.run_search MATCH ${words} AND f.rowid = r.seq) OR ${isUnindexed})`

/** The place of the last of the next `most` runs of a span that have the words. */
export const reachOfWords = (words: string, { span, isDescending, most }: Read): SQL =>
  sql`SELECT f.rowid AS seq FROM run_search f WHERE f.run_search MATCH ${words} AND ${within(sql`f.rowid`, span)}
    ORDER BY 1 ${direction(isDescending)} LIMIT 1 OFFSET ${most - 1}`

function indexed(table: string, where: SQL, isUnsure: SQL): Piece {
  const from = sql.raw(table)
  return { from, bare: from, place: sql`r.seq`, where, isUnsure }
}

const searched = (match: string): Piece => ({
  from: sql`run_search f CROSS JOIN run_index r ON r.seq = f.rowid`,
  bare: sql`run_search f`,
  place: sql`f.rowid`,
  where: sql`f.run_search MATCH ${match} AND NOT ${isInNone(sql`f.rowid`)}`,
  isUnsure: sql`0`,
})

const queued: Piece = {
  from: sql`run_search_queue q CROSS JOIN run_index r ON r.seq = q.seq`,
  bare: sql`run_search_queue q`,
  place: sql`q.seq`,
  where: sql`TRUE`,
  isUnsure: sql`1`,
}

const long: Piece = {
  from: sql`run_search_long l CROSS JOIN run_index r ON r.seq = l.seq`,
  bare: sql`run_search_long l`,
  place: sql`l.seq`,
  where: sql`NOT EXISTS (SELECT 1 FROM run_search_queue q WHERE q.seq = l.seq)`,
  isUnsure: sql`1`,
}

type Read = { span: Span; isDescending: boolean; most: number }

/** Whether every row of it is meant, as far as indexes can tell. */
export const isDirect = ({ checks, words }: Way): boolean => checks.length === 0 && words === undefined

/** Rows of a way that pass its checks, in the order of their places. */
export function rowsOf(way: Way, columns: SQL, { span, isDescending, most }: Read, more: SQL[] = []): SQL {
  return sql`${selected(way, columns, span, more)} ORDER BY 1 ${direction(isDescending)} LIMIT ${most}`
}

export function selected(way: Way, columns: SQL, span: Span, more: SQL[] = []): SQL {
  const parts = way.pieces.map(
    ({ from, place, where, isUnsure }) => sql`
      SELECT ${place} AS seq, ${isUnsure} AS isUnsure, ${columns} FROM ${from}
      WHERE ${where} AND ${within(place, span)}${also([...way.checks, ...more])}`,
  )
  return union(parts)
}

/** The place of the last of the next `most` rows, whether they pass the checks or not. */
export function reachOf(way: Way, { span, isDescending, most }: Read): SQL {
  const parts = way.pieces.map(
    ({ bare, place, where }) => sql`SELECT ${place} AS seq FROM ${bare} WHERE ${where} AND ${within(place, span)}`,
  )
  return sql`${union(parts)} ORDER BY 1 ${direction(isDescending)} LIMIT 1 OFFSET ${most - 1}`
}

/** Whether there are more rows than `most`, in any order, whether they pass the checks or not. */
export function countOf(way: Way, span: Span, most: number): SQL {
  const parts = way.pieces.map(
    ({ bare, place, where }) => sql`SELECT 1 FROM ${bare} WHERE ${where} AND ${within(place, span)}`,
  )
  return sql`SELECT count(*) AS rows FROM (${union(parts)} LIMIT ${most + 1})`
}

// FTS5 seeks to a rowid only when it is told an integer, and the driver binds large numbers as floats.
export const placed = (place: number): SQL => sql`CAST(${place} AS INTEGER)`
export const within = (place: SQL, { low, high }: Span): SQL =>
  sql`${place} > ${placed(low)} AND ${place} < ${placed(high)}`
export const also = (conditions: SQL[]): SQL => sql.join(conditions.map((condition) => sql` AND ${condition}`))
export const direction = (isDescending: boolean): SQL => sql.raw(isDescending ? 'DESC' : 'ASC')
const union = (parts: SQL[]): SQL => sql.join(parts, sql` UNION ALL `)
