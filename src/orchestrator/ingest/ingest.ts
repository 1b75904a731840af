import type { Actor } from '../../shared/actor.ts'
import { AppError, InvalidInputError, StoreBusyError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { RunStore } from '../../store/ports/runs.ts'
import type { Store } from '../../store/ports.ts'
import type { EventStream } from '../events.ts'
import type { Registry } from '../registry/registry.ts'
import type { Schemas } from '../registry/schemas.ts'
import { inPortions } from './portions.ts'
import { createReportRecorder, type Reported } from './recording.ts'
import { errorsIn, type Report } from './report.ts'

export type { Reported }

/** One result for each report, in their order. Throws StoreBusyError and StorageFaultError when nothing was recorded. */
export type TakeReports = (reports: Report[], by: Actor) => Promise<Reported[]>

export function createIngest(deps: {
  store: Pick<Store, 'checkpointed'> & { runs: Pick<RunStore, 'records' | 'report'> }
  registry: Pick<Registry, 'find'>
  schemas: Pick<Schemas, 'recall'>
  clock: Pick<Clock, 'now'>
  events: Pick<EventStream, 'emit'>
}): TakeReports {
  const { store, clock } = deps
  const record = createReportRecorder({ ...deps, runs: store.runs })

  return async function take(reports, by) {
    const results: Reported[] = []
    const good: { report: Report; index: number }[] = []
    for (const [index, report] of reports.entries()) {
      const errors = errorsIn(report, clock.now())
      if (errors.length > 0) results[index] = { error: new InvalidInputError(errors) }
      else good.push({ report, index })
    }
    let isRecorded = false
    let busy: StoreBusyError | undefined
    for (const some of inPortions(good)) {
      try {
        // Each would wait as long again.
        if (busy) throw busy
        await store.checkpointed()
        const recorded = await record(
          some.map(({ report }) => report),
          by,
        )
        recorded.forEach((result, at) => {
          results[some[at]!.index] = result
        })
        isRecorded = true
      } catch (error) {
        if (!isRecorded || !(error instanceof AppError)) throw error
        if (error instanceof StoreBusyError) busy = error
        for (const { index } of some) results[index] = { error }
      }
    }
    return results
  }
}
