import type { SQL } from 'drizzle-orm'
import type { RunCursor } from '../../../history/positions.ts'
import { type Chunk, past, type Scanned, type ScanRequest } from '../../../history/scanning.ts'
import type { Ask } from '../../database/session.ts'
import { sql } from '../../sql/drizzle.ts'
import type { RunConditions } from '../selection/conditions.ts'
import { inRange } from '../selection/tests.ts'
import { type Along, alongStarts, alongValues } from './along.ts'
import type { Steps } from './request.ts'
import { areCommon, areRare, dense, foundBy, type Hit, hitsOf, isGuessed, lookedAt } from './searched.ts'
import { reach, shortWay, sourceOf } from './sources.ts'

type Chunks<Row> = AsyncGenerator<Chunk<Row>, void, undefined>
/** Ends of parts of an order: each the last of so many rows after a place, undefined where there are no more. */
type Reach = (from: RunCursor | undefined, rows: number) => Promise<RunCursor | undefined>

/** Beyond all durations, tokens and costs. */
const beyondValues = 1e13
const growth = 5
/** Of runs whose places are known. */
const maxTogether = 4000
/** To look at the words of a run takes as long as to look at so many runs. */
const wordsCost = 4

/** Runs in an order, some at a time; the caller stops when it has enough. Each chunk is a question or two of some
 * milliseconds: where no index leads to few runs, a part of the order is looked at that has only so many. */
export async function* scan<Row>(ask: Ask, found: RunConditions, request: ScanRequest, steps: Steps): Chunks<Row> {
  if (found.isNothing) return
  const { order, from, isForward } = request
  const isDescending = order.isDescending === isForward
  if (order.by === 'started') return yield* byStart<Row>(ask, found, request, steps, alongStarts(isDescending))
  const { by } = order
  const middle: RunCursor = { seq: 0, value: order.isDescending ? -beyondValues : beyondValues }
  const halves = [
    (start: RunCursor | undefined) =>
      byValue<Row>(ask, found, { ...request, from: start }, steps, alongValues(by, isDescending)),
    (start: RunCursor | undefined) =>
      byStart<Row>(ask, found, { ...request, from: start }, steps, alongStarts(isDescending, by)),
  ]
  if (!isForward) halves.reverse()
  const isInLast = from !== undefined && (from.value === null) === isForward
  if (!isInLast) {
    for await (const chunk of halves[0]!(from)) {
      if (chunk.to || chunk.rows.length > 0) yield { ...chunk, to: chunk.to ?? middle }
    }
  }
  yield* halves[1]!(isInLast ? from : isForward ? undefined : middle)
}

async function* byStart<Row>(
  ask: Ask,
  found: RunConditions,
  request: ScanRequest,
  steps: Steps,
  along: Along,
): Chunks<Row> {
  const { text } = found
  const isRare = text?.query !== undefined && (await areRare(ask, text.query, steps.rare))
  yield* isRare
    ? byWords<Row>(ask, found, request, steps, along, text.query!)
    : byNames<Row>(ask, found, request, steps, along)
}

async function* byWords<Row>(
  ask: Ask,
  found: RunConditions,
  request: ScanRequest,
  steps: Steps,
  along: Along,
  query: string,
): Chunks<Row> {
  let { from } = request
  if (isGuessed(query)) {
    const parts = byNames<Row>(ask, found, request, steps, along)
    const { value: first, done } = await parts.next()
    if (done) return
    yield first
    if (!first.to) return
    if (first.rows.length >= Math.min(dense, request.size)) return yield* parts
    from = first.to
    if (await areCommon(ask, query, steps.rare)) return yield* parts
  }
  const isDescending = request.order.isDescending === request.isForward
  const range = from ? past(from.seq, found.range, isDescending) : found.range
  const hits = await hitsOf(ask, query, range, steps.rare)
  const rest = { ...request, from }
  yield* hits ? alongHits<Row>(ask, found, rest, along, hits) : byNames<Row>(ask, found, rest, steps, along)
}

async function* byNames<Row>(
  ask: Ask,
  found: RunConditions,
  request: ScanRequest,
  steps: Steps,
  along: Along,
): Chunks<Row> {
  const way = found.measured.length > 0 ? await shortWay(ask, found, steps.sorted) : undefined
  if (way) return yield* inOneGo<Row>(ask, found, request, along, lookedAt(found, way))

  const source = sourceOf(found)
  const isDescending = request.order.isDescending === request.isForward
  const rest = (from: RunCursor | undefined) => (from ? past(from.seq, found.range, isDescending) : found.range)
  if (source.isDirect && along.isWhole) {
    return yield* chunked<Row>(request, along, (from) =>
      ask.rows(source.rows(sql`false AS "isUnsure", ${request.columns}`, rest(from), isDescending, request.size)),
    )
  }
  yield* inParts<Row>(ask, found, request, along, steps, async (from, rows) => {
    const seq = await reach(ask, source, rest(from), isDescending, Math.max(1, Math.floor(rows / source.width)))
    return seq === undefined ? undefined : along.cursorOf({ seq })
  })
}

async function* byValue<Row>(
  ask: Ask,
  found: RunConditions,
  request: ScanRequest,
  steps: Steps,
  along: Along,
): Chunks<Row> {
  const { text } = found
  if (text?.query !== undefined && (await areRare(ask, text.query, steps.sorted))) {
    const hits = await hitsOf(ask, text.query, found.range, steps.sorted)
    if (hits) return yield* inOneGo<Row>(ask, found, request, along, foundBy(hits))
  }
  const way = await shortWay(ask, found, steps.sorted)
  if (way) return yield* inOneGo<Row>(ask, found, request, along, lookedAt(found, way))
  yield* inParts<Row>(ask, found, request, along, steps, async (from, rows) => {
    const where = from ? sql`${along.where} AND ${along.past(from)}` : along.where
    const row = await ask.first<{ seq: number; value: number }>(
      sql`SELECT r.seq AS seq, ${along.value} AS value FROM runs r WHERE ${where} ORDER BY ${along.order} LIMIT 1 OFFSET ${rows - 1}`,
    )
    return row && along.cursorOf(row)
  })
}

type Looked = ReturnType<typeof lookedAt>

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
    FROM ${looked.from} WHERE ${sql.join(where, sql` AND `)} ORDER BY ${along.order} LIMIT ${size}`
}

/** Where all that may be selected is few enough to be found, and sorted, for each chunk. */
function inOneGo<Row>(ask: Ask, found: RunConditions, request: ScanRequest, along: Along, looked: Looked): Chunks<Row> {
  return chunked<Row>(request, along, (from) => ask.rows(selected(found, request, along, looked, from)))
}

async function* alongHits<Row>(
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

async function* chunked<Row>(
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

async function* inParts<Row>(
  ask: Ask,
  found: RunConditions,
  request: ScanRequest,
  along: Along,
  steps: Steps,
  reach: Reach,
): Chunks<Row> {
  const looked = lookedAt(found)
  const unit = found.text?.query === undefined ? 1 : wordsCost
  const most = Math.max(1, Math.floor(steps.window / unit))
  let part = Math.min(steps.first, most)
  for (let from = request.from; ; ) {
    const end = await reach(from, part)
    const rows = await ask.rows<Row & Scanned>(selected(found, request, along, looked, from, end))
    const isFull = rows.length === request.size
    const to = isFull ? along.cursorOf(rows.at(-1)!) : end
    yield { rows, to, cost: unit * (isFull ? rows.length : part) }
    if (!to) return
    from = to
    // What was full had enough in a part of this size.
    if (!isFull) part = Math.min(part * growth, most)
  }
}
