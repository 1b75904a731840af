import type { RunCursor } from './positions.ts'
import type { Range } from './ranges.ts'

/** Of a selection, newest first: all runs from the seq `to` on. */
export type KeptRuns<Row> = { rows: Row[]; to: number }
/** What was read before there was a change in some ranges, which are newest first too. */
export type Earlier<Row> = KeptRuns<Row> & { changed: Range[] }
export type Part<Row> = {
  range: Range
  /** Its runs, where these are known; else it is to be read. */
  known: Row[] | undefined
  /** How far it leads; undefined for the last part. */
  end: RunCursor | undefined
  isNew: boolean
}

export function partsOf<Row extends { seq: number }>(earlier: Earlier<Row> | undefined, range: Range): Part<Row>[] {
  const parts = earlier ? split(earlier, range) : [{ range, known: undefined }]
  return parts.map((part, index) => {
    const isLast = index === parts.length - 1
    return { ...part, end: isLast ? undefined : { seq: part.range.low + 1 }, isNew: isLast && !part.known }
  })
}

function split<Row extends { seq: number }>({ rows, to, changed }: Earlier<Row>, { low, high }: Range) {
  const parts: Pick<Part<Row>, 'range' | 'known'>[] = []
  const end = Math.min(high, Math.max(to, low + 1))
  let top = high
  const placeOf = (seq: number) => {
    const place = rows.findIndex((row) => row.seq < seq)
    return place === -1 ? rows.length : place
  }

  function keepFrom(seq: number): void {
    parts.push({ range: { low: seq - 1, high: top }, known: rows.slice(placeOf(top), placeOf(seq)) })
  }

  for (const range of changed) {
    const part = { low: Math.max(range.low, end - 1), high: Math.min(range.high, top) }
    if (part.low >= part.high - 1) continue
    keepFrom(part.high)
    parts.push({ range: part, known: undefined })
    top = part.low + 1
  }
  keepFrom(end)
  if (end > low + 1) parts.push({ range: { low, high: end }, known: undefined })
  return parts
}
