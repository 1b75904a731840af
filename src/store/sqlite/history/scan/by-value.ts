import type { Chunk, Scanned, ScanRequest } from '../../../history/scanning.ts'
import type { Statements } from '../../sql/statements.ts'
import type { RunConditions } from '../selection/selection.ts'
import { accessPathsOf, costs, type Known } from './access-paths.ts'
import type { Steps } from './request.ts'
import type { ScanSteps } from './steps.ts'
import { along, costAlong, reachAlong, sortedBy, type ValueCursor } from './value-order.ts'

export function createScanByValue(ask: Statements, { isShort, wordsIn }: ScanSteps, limits: Steps) {
  return function* byValue<Row>(
    found: RunConditions,
    request: ScanRequest,
    value: Known,
  ): Generator<Chunk<Row>, void, undefined> {
    const { columns, order, size, isForward } = request
    const isDescending = order.isDescending === isForward
    const words = found.text?.match === undefined ? undefined : wordsIn(found.text.match, found.range)
    const rowCost = Math.max(costAlong(found), words?.cost ?? 0)
    const max = Math.max(1, Math.floor(limits.cost / rowCost))
    // Sorting is worth it for few rows where looking at them in order is cheap.
    const worthSorting = rowCost === costs.looked ? limits.sorted : Math.floor(limits.sorted / 4)
    const short = accessPathsOf(found, value).find((path) => isShort(path, found.range, worthSorting))
    const more = words && (short === undefined || short.words !== undefined) ? [words.check] : []
    for (let from = request.from as ValueCursor | undefined; ; ) {
      const asked = { value, from, isDescending, more }
      const end = short ? undefined : ask.get<ValueCursor | undefined>(reachAlong(found, { ...asked, max }))
      const rows = ask.all<Row & ValueCursor & Scanned>(
        short
          ? sortedBy(short, columns, { ...asked, max: size, range: found.range })
          : along(found, columns, { ...asked, to: end, max: size }),
      )
      const last = rows.length === size ? rows.at(-1)! : end
      yield { rows, to: last && { seq: last.seq, value: last.value }, cost: short ? limits.sorted : max * rowCost }
      if (!last) return
      from = last
    }
  }
}
