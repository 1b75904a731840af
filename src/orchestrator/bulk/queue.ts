import { type Actor, dashboardActor } from '../../shared/actor.ts'
import { AppError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { BulkRecord, BulkStore } from '../../store/ports/bulk.ts'
import type { ClusterStore } from '../../store/ports/cluster.ts'
import { createBackgroundLoop, type StepResult } from '../background.ts'
import type { EventStream } from '../events.ts'
import { createBulkProblem } from './problem.ts'
import type { BulkRights } from './rights.ts'
import type { BulkStep } from './steps.ts'

/** Requests go first. */
const restMs = 5
const pollMs = 250
const pace = { busyMs: pollMs, retryMs: 10_000, announceEveryMs: 1000 }

const unexpected = 'The last step failed: the log says more. It is tried again every few seconds.'

export type BulkQueue = ReturnType<typeof createBulkQueue>

export function createBulkQueue(deps: {
  bulk: BulkStore
  ready: () => Promise<unknown>
  announce: () => Promise<void>
  step: BulkStep
  rightsOf: (action: BulkRecord) => Promise<BulkRights>
  /** How often it is looked for actions that others began; undefined where nobody else can. */
  idleMs: number | undefined
  /** Where one of several dashboards does the work: what it has noted for the others. */
  notes: Pick<ClusterStore, 'note' | 'takeNote'> | undefined
  clock: Clock
  onError: (error: unknown) => void
  events: EventStream
}) {
  const { bulk, ready, announce, step, rightsOf, idleMs, notes, clock, onError, events } = deps
  let first: string | undefined
  const problem = createBulkProblem(notes)

  const loop = createBackgroundLoop({
    clock,
    ready,
    step: () =>
      stepOfFirst().catch((error) => {
        problem.set({ of: first, message: error instanceof AppError ? error.message : unexpected })
        throw error
      }),
    announce,
    onError,
    pace,
  })

  async function stepOfFirst(): Promise<StepResult> {
    first = undefined
    const [action] = await bulk.unended()
    first = action?.id
    if (!action) return { restMs: idleMs }
    const rights = await rightsOf(action)
    if ('lost' in rights) {
      await end(action.id, 'stopped', dashboardActor, rights.lost)
      problem.set(undefined)
      return { restMs }
    }
    if (action.state === 'waiting') await bulk.start(action.id, clock.now())
    const outcome = await step(action, rights.agents)
    problem.set(undefined)
    if (outcome === 'done') await end(action.id, 'done', action.startedBy ?? dashboardActor)
    return { restMs: outcome === 'rest' ? pollMs : restMs, hasNews: outcome !== 'done' }
  }

  async function end(id: string, state: 'done' | 'stopped', by: Actor, reason?: string): Promise<boolean> {
    const ended = await bulk.end(id, state, clock.now(), reason)
    if (!ended) return false
    const { action, done, leftOut, failed, startedBy } = ended
    events.emit('bulk-action-ended', { bulkId: id, action, state, done, leftOut, failed, startedBy, reason, by })
    return true
  }

  return {
    wake: loop.wake,
    stopWork: loop.stop,
    end,
    problem: problem.of,
  }
}
