import type { RunCursor } from '../../../history/positions.ts'
import type { Chunk, ScanRequest } from '../../../history/scanning.ts'
import type { RunOrder } from '../../../ports/run-pages.ts'
import type { Store } from '../../file/open.ts'
import { statementsOf } from '../../sql/statements.ts'
import type { RunConditions } from '../selection/selection.ts'
import type { Known, Value } from './access-paths.ts'
import { createScanBySeq } from './by-seq.ts'
import { createScanByValue } from './by-value.ts'
import { type Steps, usualSteps } from './request.ts'
import { createScanSteps } from './steps.ts'

/** Beyond all durations, tokens and costs: larger ones are not taken over from workflow_runs. */
const beyondValues = 1e13

/** Along the best access path, in steps of a few milliseconds; the caller stops when it has enough. Reads no
 * payloads. */
export function createRunScan(db: Store['db'], limits: Steps = usualSteps) {
  const ask = statementsOf(db)
  const steps = createScanSteps(ask, limits)
  const bySeq = createScanBySeq(ask, steps, limits)
  const byValue = createScanByValue(ask, steps, limits)

  return function* scan<Row>(found: RunConditions, request: ScanRequest): Generator<Chunk<Row>, void, undefined> {
    if (found.isNothing) return
    const { order, from, isForward } = request
    if (order.by === 'started') return yield* bySeq<Row>(found, request)
    const middle: RunCursor = { seq: 0, value: order.isDescending ? -beyondValues : beyondValues }
    const halves = [
      (start: RunCursor | undefined) => byValue<Row>(found, { ...request, from: start }, knownIn(order, true)),
      (start: RunCursor | undefined) => bySeq<Row>(found, { ...request, from: start }, knownIn(order, false)),
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
}

const knownIn = ({ by }: RunOrder, isKnown: boolean): Known => ({ of: by as Value, isKnown })
