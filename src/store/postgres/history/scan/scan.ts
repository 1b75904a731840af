import type { RunCursor } from '../../../history/positions.ts'
import { past, type ScanRequest } from '../../../history/scanning.ts'
import type { Ask } from '../../database/session.ts'
import { sql } from '../../sql/drizzle.ts'
import type { RunConditions } from '../selection/conditions.ts'
import { type Along, alongStarts, alongValues } from './along.ts'
import { alongHits, type Chunks, chunked, inOneGo, inParts } from './chunks.ts'
import type { Steps } from './request.ts'
import { areCommon, areRare, dense, foundBy, hitsOf, isGuessed, lookedAt } from './searched.ts'
import { isShort, reach, shortWay, sourceOf } from './sources.ts'

/** Beyond all durations, tokens and costs. */
const beyondValues = 1e13

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
  const { text, measured, range } = found
  if ((text || measured.length > 0) && (await isShort(ask, range, steps.first)))
    return yield* inOneGo<Row>(ask, found, request, along, lookedAt(found))
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

  const isUnsure = found.text !== undefined && found.text.query === undefined
  const source = sourceOf(isUnsure ? { ...found, text: undefined } : found)
  const isDescending = request.order.isDescending === request.isForward
  const rest = (from: RunCursor | undefined) => (from ? past(from.seq, found.range, isDescending) : found.range)
  if (source.isDirect && along.isWhole) {
    const columns = sql`${isUnsure}::boolean AS "isUnsure", ${request.columns}`
    return yield* chunked<Row>(request, along, (from) =>
      ask.rows(source.rows(columns, rest(from), isDescending, request.size)),
    )
  }
  const reached = async (from: RunCursor | undefined, rows: number) => {
    const seq = await reach(ask, source, rest(from), isDescending, Math.max(1, Math.floor(rows / source.width)))
    return seq === undefined ? undefined : along.cursorOf({ seq })
  }
  yield* inParts<Row>(ask, found, request, along, steps, reached, source)
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
