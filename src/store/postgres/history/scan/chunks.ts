import type { SQL } from 'drizzle-orm'
import type { Hit } from '../../../history/kept-hits.ts'
import type { RunCursor } from '../../../history/positions.ts'
import type { Range } from '../../../history/ranges.ts'
import type { Chunk, Scanned, ScanRequest } from '../../../history/scanning.ts'
import type { Ask } from '../../database/session.ts'
import { sql } from '../../sql/drizzle.ts'
import type { RunConditions } from '../selection/conditions.ts'
import { inRange } from '../selection/tests.ts'
import type { Along } from './along.ts'
import type { Steps } from './request.ts'
import { foundBy, type Looked, lookedAt, lookedUp } from './searched.ts'
import type { Source } from './sources.ts'

export type Chunks<Row> = AsyncGenerator<Chunk<Row>, void, undefined>
/** Ends of parts of an order: each the last of so many rows after a place, undefined where there are no more. */
type Reach = (from: RunCursor | undefined, rows: number) => Promise<RunCursor | undefined>

const growth = 5
/** Of runs whose places are known. */
const maxTogether = 4000
/** To look at the words of a run takes as long as to look at so many runs; and so does a run that others are not near. */
const wordsCost = 4

/** Rows after `from`, and up to `to`, that are selected as far as indexes can tell. */
function selected(
  found: RunConditions,
  { columns, size }: ScanRequest,
  along: Along,
  looked: Looked,
  from: RunCursor | undefined,
  to?: RunCursor | undefined,
): SQL {
  const where = [
    ...[looked.check, along.where, inRange(found.range), ...found.checks],
    ...(from ? [along.past(from)] : []),
    ...(to ? [along.upTo(to)] : []),
  ]
  return sql`${looked.before}
    SELECT r.seq AS seq, ${looked.isUnsure} AS "isUnsure", ${along.value} AS value, ${columns}
    FROM ${looked.from} WHERE ${sql.join(where, sql` AND `)} ORDER BY ${looked.order ?? along.order} LIMIT ${size}`
}

/** Where all that may be selected is few enough to be found, and sorted, for each chunk. */
export function inOneGo<Row>(
  ask: Ask,
  found: RunConditions,
  request: ScanRequest,
  along: Along,
  looked: Looked,
): Chunks<Row> {
  return chunked<Row>(request, along, (from) => ask.rows(selected(found, request, along, looked, from)))
}

export async function* alongHits<Row>(
  ask: Ask,
  found: RunConditions,
  request: ScanRequest,
  along: Along,
  hits: Hit[],
): Chunks<Row> {
  const sign = request.order.isDescending === request.isForward ? -1 : 1
  const ordered = hits.toSorted((a, b) => sign * (a.seq - b.seq))
  let part = request.size
  for (let at = 0; at < ordered.length; ) {
    const some = ordered.slice(at, at + part)
    const rows = await ask.rows<Row & Scanned>(selected(found, request, along, foundBy(some), undefined))
    const isFull = rows.length === request.size
    const last = isFull ? rows.at(-1)!.seq : some.at(-1)!.seq
    at = isFull ? ordered.findIndex(({ seq }) => seq === last) + 1 : at + some.length
    yield { rows, to: at < ordered.length ? along.cursorOf({ seq: last }) : undefined, cost: some.length }
    part = Math.min(part * growth, maxTogether)
  }
}

export async function* chunked<Row>(
  { from, size }: ScanRequest,
  along: Along,
  rowsAfter: (from: RunCursor | undefined) => Promise<(Row & Scanned)[]>,
): Chunks<Row> {
  for (let next = from; ; ) {
    const rows = await rowsAfter(next)
    const to = rows.length === size ? along.cursorOf(rows.at(-1)!) : undefined
    yield { rows, to, cost: Math.max(1, rows.length) }
    if (!to) return
    next = to
  }
}

export async function* inParts<Row>(
  ask: Ask,
  found: RunConditions,
  request: ScanRequest,
  along: Along,
  steps: Steps,
  reach: Reach,
  source?: Source,
): Chunks<Row> {
  const query = found.text?.query
  const isDescending = request.order.isDescending === request.isForward
  const unit = query !== undefined || source?.isScattered ? wordsCost : 1
  const most = Math.max(1, Math.floor(steps.window / unit))
  let part = Math.min(steps.first, most)
  // Where many runs have the words, these are soon found beside runs.
  let areSparse = false
  for (let from = request.from; ; ) {
    const end = await reach(from, part)
    const range = between(found.range, request, from, end)
    const table = source?.isScattered ? source.within(range, part) : undefined
    const isByWords = query !== undefined && areSparse && !table && along.isWhole
    const looked = isByWords ? lookedUp(query, range, isDescending) : lookedAt(found, undefined, table)
    const rows: (Row & Scanned)[] = await ask.rows(selected(found, request, along, looked, from, end))
    const isFull: boolean = rows.length === request.size
    const to = isFull ? along.cursorOf(rows.at(-1)!) : end
    yield { rows, to, cost: unit * (isFull ? rows.length : part) }
    if (!to) return
    from = to
    // What was full had enough in a part of this size.
    if (!isFull) part = Math.min(part * growth, most)
    areSparse = !isFull
  }
}

/** Of a part of an order by starts: after `from`, and up to `to`. */
function between(
  { low, high }: Range,
  { order, isForward }: ScanRequest,
  from: RunCursor | undefined,
  to: RunCursor | undefined,
): Range {
  return order.isDescending === isForward
    ? { low: to ? to.seq - 1 : low, high: from ? from.seq : high }
    : { low: from ? from.seq : low, high: to ? to.seq + 1 : high }
}
