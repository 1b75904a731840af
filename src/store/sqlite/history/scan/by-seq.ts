import { type Chunk, past, type Scanned, type ScanRequest } from '../../../history/scanning.ts'
import type { Statements } from '../../sql/statements.ts'
import type { RunConditions } from '../selection/selection.ts'
import { accessPathsOf, type Known } from './access-paths.ts'
import { bestPath } from './best-path.ts'
import { rowsOf } from './path-queries.ts'
import type { Steps } from './request.ts'
import type { ScanSteps } from './steps.ts'

export function createScanBySeq(ask: Statements, scanSteps: ScanSteps, limits: Steps) {
  return function* bySeq<Row>(
    found: RunConditions,
    { columns, order, from, size, isForward }: ScanRequest,
    value?: Known,
  ): Generator<Chunk<Row>, void, undefined> {
    // An unknown duration is not longer than anything.
    if (value?.of === 'duration' && found.longerThan !== undefined) return
    const isDescending = order.isDescending === isForward
    let range = from ? past(from.seq, found.range, isDescending) : found.range
    const path = bestPath(accessPathsOf(found, value), range, isDescending, { ...scanSteps, limits })
    for (;;) {
      const { step, end, checks, cost } = scanSteps.next(path, range, isDescending)
      const rows = ask.all<Row & Scanned>(rowsOf(path, columns, { range: step, isDescending, max: size }, checks))
      const last = rows.length === size ? rows.at(-1)!.seq : end
      const to = last === undefined ? undefined : { seq: last, ...(value && { value: null }) }
      yield { rows, to, cost: cost ?? rows.length * path.rowCost }
      if (last === undefined) return
      range = past(last, range, isDescending)
    }
  }
}
