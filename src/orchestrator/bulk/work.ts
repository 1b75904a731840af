import type { Clock } from '../../shared/time/clock.ts'
import type { Store } from '../../store/ports.ts'
import type { EventStream } from '../events.ts'
import { narrowHistory } from '../scope/history.ts'
import { narrowRuns } from '../scope/runs.ts'
import { scopeOf } from '../scope/scope.ts'
import { type BulkQueue, createBulkQueue } from './queue.ts'
import { createBulkRights } from './rights.ts'
import { type BulkStepDeps, createBulkSteps } from './steps.ts'
import { createBulkTargets } from './targets.ts'

export function createBulkWork(
  deps: Pick<BulkStepDeps, 'registry' | 'executions' | 'repeat' | 'slots'> & {
    store: Store
    clock: Clock
    events: EventStream
    idleMs?: number | undefined
  },
): BulkQueue {
  const { store, clock, events, idleMs } = deps
  const { bulk, history, runs } = store
  const onError = (error: unknown) => events.emit('failure', { error, task: 'bulk action' })

  function targetsAmong(agents: readonly string[] | null) {
    if (agents === null) return createBulkTargets(store, clock.now)
    const scope = scopeOf(agents)
    return createBulkTargets({ history: narrowHistory(history, scope), runs: narrowRuns(runs, scope) }, clock.now)
  }

  const step = createBulkSteps({ ...deps, bulk, targetsAmong, elapsed: clock.elapsed, onError })
  return createBulkQueue({
    bulk,
    ready: store.checkpointed,
    announce: store.announce,
    step,
    rightsOf: createBulkRights(store.access, clock),
    idleMs,
    notes: store.cluster,
    clock,
    onError,
    events,
  })
}
