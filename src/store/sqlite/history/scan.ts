import type { SQL } from 'drizzle-orm'
import type { RunOrder } from '../../ports/history.ts'
import type { Store } from '../file/open.ts'
import { statementsOf } from '../sql/statements.ts'
import {
  areListed,
  areThere,
  costs,
  countOf,
  isDirect,
  type Known,
  reachOf,
  reachOfWords,
  rowsOf,
  type Value,
  type Way,
  waysOf,
} from './access-paths.ts'
import type { Span } from './ranges.ts'
import type { RunConditions } from './selection.ts'
import { along, costAlong, reachAlong, sortedBy, type ValuePlace } from './value-order.ts'

export const newestFirst: RunOrder = { by: 'started', isDescending: true }
/** The run at `seq`, and in an order by a value the value it has there, null where there is none. */
export type RunPlace = { seq: number; value?: number | null | undefined }

/** `value` is there in an order by one; `isUnsure` means that only the payloads can tell whether the run is meant. */
export type Scanned = { seq: number; isUnsure: number; value?: number | null }
/** Rows that are meant, as far as indexes can tell. `to` is how far was looked, undefined at the end. */
export type Chunk<Row> = { rows: (Row & Scanned)[]; to: RunPlace | undefined; cost: number }

type Step = { step: Span; end: number | undefined; checks: SQL[]; cost: number | undefined }
type Asked = {
  columns: SQL
  order: RunOrder
  /** Along the order, or against it. */
  isForward: boolean
  /** Where to begin; the run there is not meant. */
  from: RunPlace | undefined
  /** How many rows make a chunk. */
  size: number
}

/** How much is looked at in one step: by what it costs; by rows to find the best way, to be sorted, to be held. */
export type Steps = { cost: number; probed: number; sorted: number; held: number }
export const usualSteps: Steps = { cost: 4000, probed: 1000, sorted: 4000, held: 10_000 }
/** To hold places takes as long as to look a tenth as many up. */
const leastShare = 10
/** Beyond all durations, tokens and costs: larger ones are not taken over from workflow_runs. */
const beyondValues = 1e13

/**
 * Looks through run_index for what is selected, by the index that leads there with the fewest detours, in steps of a
 * few milliseconds. The caller stops when it has enough. Never looks at workflow_runs.
 */
export function createRunScan(db: Store['db'], steps: Steps = usualSteps) {
  const ask = statementsOf(db)
  const reach = (way: Way, span: Span, isDescending: boolean, most: number): number | undefined =>
    ask.get<{ seq: number } | undefined>(reachOf(way, { span, isDescending, most }))?.seq

  const isShort = (way: Way, span: Span, most: number): boolean =>
    ask.get<{ rows: number }>(countOf(way, span, most)).rows <= most

  function* scan<Row>(found: RunConditions, asked: Asked): Generator<Chunk<Row>, void, undefined> {
    if (found.isNothing) return
    const { order, from, isForward } = asked
    if (order.by === 'started') return yield* byPlace<Row>(found, asked)
    const middle: RunPlace = { seq: 0, value: order.isDescending ? -beyondValues : beyondValues }
    const halves = [
      (start: RunPlace | undefined) => byValue<Row>(found, { ...asked, from: start }, knownIn(order, true)),
      (start: RunPlace | undefined) => byPlace<Row>(found, { ...asked, from: start }, knownIn(order, false)),
    ]
    if (!isForward) halves.reverse()
    const isInLast = from !== undefined && (from.value === null) === isForward
    if (!isInLast) {
      for (const chunk of halves[0]!(from)) {
        if (chunk.to || chunk.rows.length > 0) yield { ...chunk, to: chunk.to ?? middle }
      }
    }
    yield* halves[1]!(isInLast ? from : isForward ? undefined : middle)
  }

  function* byPlace<Row>(found: RunConditions, asked: Asked, value?: Known): Generator<Chunk<Row>, void, undefined> {
    const { columns, order, from, size, isForward } = asked
    // No duration is longer than anything.
    if (value?.of === 'duration' && found.longerThan !== undefined) return
    const isDescending = order.isDescending === isForward
    let span = from ? past(from.seq, found.span, isDescending) : found.span
    const way = bestWay(waysOf(found, value), span, isDescending)
    for (;;) {
      const { step, end, checks, cost } = nextStep(way, span, isDescending)
      const rows = ask.all<Row & Scanned>(rowsOf(way, columns, { span: step, isDescending, most: size }, checks))
      const last = rows.length === size ? rows.at(-1)!.seq : end
      const to = last === undefined ? undefined : { seq: last, ...(value && { value: null }) }
      yield { rows, to, cost: cost ?? rows.length * way.rowCost }
      if (last === undefined) return
      span = past(last, span, isDescending)
    }
  }

  /** What of a span to look through next. Where all rows are meant, it ends with the size of a chunk. */
  function nextStep(way: Way, span: Span, isDescending: boolean): Step {
    const { words } = way
    if (!way.isOrdered) {
      return {
        step: span,
        end: undefined,
        checks: words === undefined ? [] : [wordsIn(words, span).check],
        cost: steps.cost,
      }
    }
    if (isDirect(way)) return { step: span, end: undefined, checks: [], cost: undefined }
    const upToRows = (rowCost: number) => {
      const end = reach(way, span, isDescending, Math.max(1, Math.floor(steps.cost / rowCost)))
      return { end, step: end === undefined ? span : upTo(end, span, isDescending), cost: steps.cost }
    }
    const far = upToRows(way.rowCost)
    if (words === undefined) return { ...far, checks: [] }
    const heldEnd = held(words, far.step, isDescending)
    if (heldEnd === undefined) return { ...far, checks: [areListed(words, far.step)] }
    // Where the words are so common, the step that they can be held for may be too short to be worth it.
    const start = reach(way, span, isDescending, 1) ?? heldEnd
    const isWorthIt = far.end !== undefined && Math.abs(heldEnd - start) * leastShare > Math.abs(far.end - start)
    if (!isWorthIt) return { ...upToRows(costs.searched), checks: [areThere(words)] }
    const step = upTo(heldEnd, span, isDescending)
    return { step, end: heldEnd, checks: [areListed(words, step)], cost: steps.cost }
  }

  /** Where the last run stands of those with some words that can be held at a time; undefined when all can. */
  const held = (words: string, span: Span, isDescending: boolean): number | undefined =>
    ask.get<{ seq: number } | undefined>(reachOfWords(words, { span, isDescending, most: steps.held + 1 }))?.seq

  function wordsIn(words: string, span: Span): { check: SQL; cost: number } {
    return held(words, span, true) === undefined
      ? { check: areListed(words, span), cost: costs.found }
      : { check: areThere(words), cost: costs.searched }
  }

  function* byValue<Row>(found: RunConditions, asked: Asked, value: Known): Generator<Chunk<Row>, void, undefined> {
    const { columns, order, size, isForward } = asked
    const isDescending = order.isDescending === isForward
    const words = found.text?.match === undefined ? undefined : wordsIn(found.text.match, found.span)
    const rowCost = Math.max(costAlong(found), words?.cost ?? 0)
    const most = Math.max(1, Math.floor(steps.cost / rowCost))
    // To sort is worth it for few rows where looking at them in order is cheap, or where sorting is dear.
    const worthSorting = rowCost === costs.looked ? steps.sorted : Math.floor(steps.sorted / 4)
    const short = waysOf(found, value).find((way) => isShort(way, found.span, worthSorting))
    const more = words && (short === undefined || short.words !== undefined) ? [words.check] : []
    for (let from = asked.from as ValuePlace | undefined; ; ) {
      const asked = { value, from, isDescending, more }
      const end = short ? undefined : ask.get<ValuePlace | undefined>(reachAlong(found, { ...asked, most }))
      const rows = ask.all<Row & ValuePlace & Scanned>(
        short
          ? sortedBy(short, columns, { ...asked, most: size, span: found.span })
          : along(found, columns, { ...asked, to: end, most: size }),
      )
      const last = rows.length === size ? rows.at(-1)! : end
      yield { rows, to: last && { seq: last.seq, value: last.value }, cost: short ? steps.sorted : most * rowCost }
      if (!last) return
      from = last
    }
  }

  /** Of all ways, the one that has few rows; or else the one on which as many rows lead furthest. */
  function bestWay(ways: Way[], span: Span, isDescending: boolean): Way {
    const direct = ways.find((way) => isDirect(way) && way.isOrdered)
    if (direct || ways.length === 1) return direct ?? ways[0]!
    const ordered = ways.filter(({ isOrdered }) => isOrdered)
    const ends = ordered.map((way) => ({ way, end: reach(way, span, isDescending, steps.probed) }))
    const short = ends.filter(({ end }) => end === undefined).map(({ way }) => way)
    if (short.length > 0) return short.reduce((best, way) => (way.rowCost < best.rowCost ? way : best))
    const sorted = ways.find((way) => !way.isOrdered && isShort(way, span, steps.sorted))
    if (sorted) return sorted
    // All lead through the same rows of the table, so the shortest steps are known to begin where the table does.
    const near = isDescending ? Math.max(...ends.map(({ end }) => end!)) : Math.min(...ends.map(({ end }) => end!))
    const costOf = ({ rowCost, words }: Way) => rowCost + (words === undefined ? 0 : costs.looked)
    const progress = ({ way, end }: (typeof ends)[number]) => (Math.abs(end! - near) + 1) / costOf(way)
    return ends.reduce((best, one) => (progress(one) > progress(best) ? one : best)).way
  }

  return scan
}

const knownIn = ({ by }: RunOrder, isKnown: boolean): Known => ({ of: by as Value, isKnown })

/** What of a span lies beyond a place that was looked at. */
function past(place: number, { low, high }: Span, isDescending: boolean): Span {
  return isDescending ? { low, high: Math.min(high, place) } : { low: Math.max(low, place), high }
}

/** What of a span lies up to a place, which is in it. */
function upTo(place: number, { low, high }: Span, isDescending: boolean): Span {
  return isDescending ? { low: place - 1, high } : { low, high: place + 1 }
}
