import type { SQL } from 'drizzle-orm'
import type { RunCursor } from '../../history/positions.ts'
import { readPosition, writePosition } from '../../history/positions.ts'
import { msOf } from '../../history/ranges.ts'
import { maxCounted } from '../../history/sample.ts'
import { newestFirst, type Scanned } from '../../history/scanning.ts'
import type { FoundRun, PageRequest, RunOrder, RunPage } from '../../ports/run-pages.ts'
import type { RunSelection } from '../../ports/run-selection.ts'
import type { Ask } from '../database/session.ts'
import { sql } from '../sql/drizzle.ts'
import type { RunTally } from './counting/tally.ts'
import { type Limits, matching } from './reading.ts'
import { conditionsOf } from './selection/conditions.ts'

export type ListedRow = FoundRun & { seq: number }
type Raw = Omit<ListedRow, 'startedAt'> & { startedAt: number | null }

const listed = sql`r.id, r.agent, r.agent_id AS "agentId", r.workflow, r.status, r.started_at AS "startedAt",
  r.completed_at AS "completedAt", r.duration AS "durationSeconds", r.tokens AS "totalTokens", r.cost AS "totalCostUsd",
  r.rerun_of AS "rerunOf", r.error, r.input_line AS "inputLine", r.reported_at IS NOT NULL AS "isReported",
  r.started_by AS "startedBy"`

const rowOf = (raw: Raw & Partial<Scanned>): ListedRow => {
  const { isUnsure: _, value: __, ...row } = raw
  return { ...row, startedAt: raw.startedAt ?? Number.NaN }
}

export const foundRun = ({ seq: _, ...run }: ListedRow): FoundRun => run

export async function readPage(
  ask: Ask,
  selection: RunSelection,
  request: PageRequest,
  limits: Limits,
): Promise<RunPage> {
  const { order, after, from, before, max } = request
  const at = (position: string | undefined) => (position === undefined ? undefined : readPosition(position, order.by))
  const isForward = before === undefined
  const start = isForward ? (at(after) ?? justBefore(at(from), order.isDescending)) : at(before)
  const asked = { columns: listed, order, isForward, from: start, size: max + 1 }
  const rows: ListedRow[] = []
  const page = (isMore: boolean, searchedTo?: RunCursor): RunPage => {
    const shown = rows.slice(0, max)
    return pageOf(isForward ? shown : shown.reverse(), order.by, isMore, searchedTo)
  }
  let spent = 0
  for await (const chunk of matching<Raw>(ask, await conditionsOf(ask, selection), asked, limits)) {
    rows.push(...chunk.rows.map(rowOf))
    if (rows.length > max) return page(true)
    spent += chunk.cost
    if (spent >= limits.budget && chunk.to) return page(true, chunk.to)
  }
  return page(false)
}

const pageOf = (
  rows: ListedRow[],
  by: RunOrder['by'],
  isMore: boolean,
  searchedTo: RunCursor | undefined,
): RunPage => ({
  runs: rows.map((row) => ({ ...foundRun(row), position: writePosition(cursorOf(row, by)) })),
  isMore,
  searchedTo: searchedTo && { position: writePosition(searchedTo), startedAt: msOf(searchedTo.seq) },
})

export const isNewest = ({ order, after, from, before, max }: PageRequest): boolean =>
  order.by === 'started' && order.isDescending && (after ?? from ?? before) === undefined && max < maxCounted

/** From what counts a search: of that only the changes are read again. */
export async function newestPage(ask: Ask, tally: RunTally, max: number, budget: number): Promise<RunPage> {
  await tally.reach(max + 1, budget)
  const { runs } = tally.soFar()
  const isMore = runs.length > max || tally.canGrow()
  // Another request may search on meanwhile.
  const searchedTo = isMore && runs.length <= max ? { seq: tally.kept().to } : undefined
  const places = runs.slice(0, max).map(({ seq }) => seq)
  return pageOf(await listedAt(ask, places), 'started', isMore, searchedTo)
}

async function listedAt(ask: Ask, seqs: number[]): Promise<ListedRow[]> {
  if (seqs.length === 0) return []
  const places = sql`r.seq = ANY(${sql.param(seqs)}::bigint[])`
  return (await ask.rows<Raw>(sql`SELECT r.seq, ${listed} FROM runs r WHERE ${places} ORDER BY r.seq DESC`)).map(rowOf)
}

function cursorOf(row: ListedRow, by: RunOrder['by']): RunCursor {
  const { seq, durationSeconds, totalTokens, totalCostUsd } = row
  if (by === 'started') return { seq }
  return { seq, value: { duration: durationSeconds, tokens: totalTokens, cost: totalCostUsd }[by] }
}

/** So that the run at the cursor is on the page. */
function justBefore(cursor: RunCursor | undefined, isDescending: boolean): RunCursor | undefined {
  return cursor && { ...cursor, seq: cursor.seq + (isDescending ? 1 : -1) }
}

/** The newest of a selection, as far as they are soon found. */
export async function newest<Row>(
  ask: Ask,
  selection: RunSelection,
  columns: SQL,
  max: number,
  limits: Limits,
): Promise<(Row & { seq: number })[]> {
  const asked = { columns, order: newestFirst, isForward: true, from: undefined, size: max }
  const rows: (Row & { seq: number })[] = []
  let spent = 0
  for await (const chunk of matching<Row>(ask, await conditionsOf(ask, selection), asked, limits)) {
    rows.push(...chunk.rows)
    spent += chunk.cost
    if (rows.length >= max || spent >= limits.budget) break
  }
  return rows.slice(0, max)
}

export async function countAfter(
  ask: Ask,
  selection: RunSelection,
  { seq }: RunCursor,
  max: number,
  limits: Limits,
): Promise<{ runs: number; isExact: boolean }> {
  const found = await conditionsOf(ask, selection)
  const later = { ...found, range: { ...found.range, low: Math.max(found.range.low, seq) } }
  const asked = { columns: sql`1`, order: newestFirst, isForward: true, from: undefined, size: max + 1 }
  let runs = 0
  let spent = 0
  for await (const { rows, to, cost } of matching(ask, later, asked, limits)) {
    runs += rows.length
    if (runs > max) return { runs: max, isExact: false }
    spent += cost
    if (spent >= limits.budget && to) return { runs, isExact: false }
  }
  return { runs, isExact: true }
}

/** All of a selection, at most `size` at a time. */
export async function* walk(
  ask: Ask,
  selection: RunSelection,
  order: RunOrder,
  size: number,
  limits: Limits,
): AsyncGenerator<ListedRow[]> {
  const asked = { columns: listed, order, isForward: true, from: undefined, size }
  for await (const { rows } of matching<Raw>(ask, await conditionsOf(ask, selection), asked, limits)) {
    if (rows.length > 0) yield rows.map(rowOf)
  }
}

/** Of these runs those that there are, newest first. */
export async function foundRuns(ask: Ask, ids: string[]): Promise<FoundRun[]> {
  const rows = await ask.rows<Raw>(
    sql`SELECT r.seq, ${listed} FROM runs r WHERE r.id = ANY(${sql.param(ids)}::text[]) ORDER BY r.seq DESC`,
  )
  return rows.map((row) => foundRun(rowOf(row)))
}

export const newestListed = async (
  ask: Ask,
  selection: RunSelection,
  max: number,
  limits: Limits,
): Promise<FoundRun[]> => (await newest<Raw>(ask, selection, listed, max, limits)).map((row) => foundRun(rowOf(row)))
