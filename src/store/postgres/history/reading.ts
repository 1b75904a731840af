import type { Chunk, Scanned, ScanRequest } from '../../history/scanning.ts'
import type { Ask } from '../database/session.ts'
import { sql } from '../sql/drizzle.ts'
import { type Steps, usualSteps } from './scan/request.ts'
import { scan } from './scan/scan.ts'
import type { RunConditions } from './selection/conditions.ts'
import { maxVerifiedTogether, verified } from './verifying.ts'

/** `budget`: what a request may cost, in microseconds or so; the rest is left to another request. */
export type Limits = Steps & { budget: number }
export const usualLimits: Limits = { ...usualSteps, budget: 20_000 }

const maxPlacesTogether = 500
const shareOfBudgetTogether = 0.25

type Matching<Row> = AsyncGenerator<Chunk<Row>, void, undefined>

/** Runs that are selected, in an order, some at a time; texts are read where words do not tell. */
export function matching<Row>(ask: Ask, found: RunConditions, request: ScanRequest, limits: Limits): Matching<Row> {
  const way = found.text && !found.text.isEnough ? amongPlaces<Row> : amongRows<Row>
  return way(ask, found, request, limits)
}

async function* amongRows<Row>(ask: Ask, found: RunConditions, request: ScanRequest, limits: Limits): Matching<Row> {
  for await (const { rows, to, cost } of scan<Row>(ask, found, request, limits)) {
    if (!rows.some(({ isUnsure }) => isUnsure)) {
      yield { rows, to, cost: Math.max(1, cost) }
      continue
    }
    const unsure = verified(
      ask,
      found.text!,
      rows.filter(({ isUnsure }) => isUnsure),
    )
    for (const row of rows) {
      const checked = row.isUnsure ? (await unsure.next()).value! : { isMatch: true, cost: 0 }
      yield { rows: checked.isMatch ? [row] : [], to: placeOf(row, request), cost: checked.cost }
    }
    yield { rows: [], to, cost: Math.max(1, cost) }
  }
}

/** Few of many places may match: only of these is read what is asked for. */
async function* amongPlaces<Row>(ask: Ask, found: RunConditions, request: ScanRequest, limits: Limits): Matching<Row> {
  const size = found.text!.query === undefined ? maxPlacesTogether : maxVerifiedTogether
  for await (const chunk of scan(ask, found, { ...request, columns: sql`1`, size }, limits)) {
    let matches: Scanned[] = []
    let spent = 0
    for await (const { run, isMatch, cost } of verified(ask, found.text!, chunk.rows)) {
      if (isMatch) matches.push(run)
      spent += cost
      if (matches.length < request.size && spent < limits.budget * shareOfBudgetTogether) continue
      yield { rows: await rowsAt<Row>(ask, found, request, matches), to: placeOf(run, request), cost: spent }
      matches = []
      spent = 0
    }
    const rows = await rowsAt<Row>(ask, found, request, matches)
    yield { rows, to: chunk.to, cost: Math.max(1, chunk.cost + spent) }
  }
}

async function rowsAt<Row>(ask: Ask, { checks }: RunConditions, { columns }: ScanRequest, places: Scanned[]) {
  if (places.length === 0) return []
  const at = sql.param(places.map(({ seq }) => seq))
  const where = sql.join([sql`r.seq = ANY(${at}::bigint[])`, ...checks], sql` AND `)
  const rows = await ask.rows<Row & { seq: number }>(sql`SELECT r.seq AS seq, ${columns} FROM runs r WHERE ${where}`)
  const bySeq = new Map(rows.map((row) => [row.seq, row]))
  return places.flatMap((place) => {
    const row = bySeq.get(place.seq)
    return row ? [{ ...place, ...row }] : []
  })
}

const placeOf = ({ seq, value = null }: Scanned, { order }: ScanRequest) =>
  order.by === 'started' ? { seq } : { seq, value }
