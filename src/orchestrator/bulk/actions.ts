import type { Actor } from '../../shared/actor.ts'
import type { Clock } from '../../shared/clock.ts'
import { ConflictError } from '../../shared/errors.ts'
import type { BulkRuns } from '../../store/ports/bulk.ts'
import type { Store } from '../../store/ports.ts'
import type { EventStream } from '../events.ts'
import type { HistoryState } from '../history/indexing.ts'
import type { Registry } from '../registry/registry.ts'
import { type BulkPreview, previewOf } from './preview.ts'
import { type BulkActionProgress, createBulkProgress } from './progress.ts'
import { createBulkQueue } from './queue.ts'
import { type BulkRequest, createBulkSelection } from './request.ts'
import { type BulkStepDeps, createBulkSteps } from './steps.ts'
import { createBulkTargets } from './targets.ts'

export type BulkActions = {
  start(): void
  stopWork(): Promise<void>
  /** Throws InvalidInputError, and AppError (503) while older runs are not read yet. */
  preview(request: BulkRequest): Promise<BulkPreview & { selected: BulkRuns }>
  /** Records an action, once for a token, and queues it. Throws as `preview` does. */
  begin(request: BulkRequest, token: string | undefined, by: Actor): Promise<BulkActionProgress>
  get(id: string): Promise<BulkActionProgress>
  latest(): Promise<BulkActionProgress[]>
  /** The queue, then ended ones that nobody has seen or closed, and those `known` to the page. */
  shown(known?: string[]): Promise<BulkActionProgress[]>
  markSeen(actions: BulkActionProgress[]): Promise<void>
  stop(id: string, by: Actor): Promise<BulkActionProgress>
  close(id: string, by: Actor): Promise<void>
}

/** Those of one action throw NotFoundError; `stop` throws ConflictError for an action that had ended. */
export function createBulkActions(
  deps: Pick<BulkStepDeps, 'executions' | 'repeat' | 'slots'> & {
    store: Store
    registry: Registry
    clock: Clock
    newId: () => string
    historyState: () => Promise<HistoryState>
    events: EventStream
  },
): BulkActions {
  const { store, registry, clock, newId, historyState, events } = deps
  const { bulk } = store
  const { now, elapsed } = clock
  const onError = (error: unknown) => events.emit('failure', { error, task: 'bulk action' })
  const targets = createBulkTargets(store, now)
  const context = () => ({ now: now(), isPosition: store.history.isPosition })
  const selection = createBulkSelection({ targets, context, historyState })
  const step = createBulkSteps({ ...deps, bulk, targets, elapsed, onError })
  const queue = createBulkQueue({ bulk, ready: store.checkpointed, step, clock, onError, events })
  const { find, get, latest, shown } = createBulkProgress(bulk, queue.problem)

  return {
    start: queue.wake,
    stopWork: queue.stopWork,
    get,
    latest,
    shown,

    async preview(request) {
      const selected = await selection.freeze(request)
      const ahead = await selection.countDatedAhead(request)
      return { selected, ...(await previewOf(request.action, selected, ahead, { targets, registry, elapsed })) }
    },

    async begin(request, token, by) {
      const { action } = request
      const runs = await selection.freeze(request)
      const total = await targets.count(runs)
      const { address: _, ...startedBy } = by
      const added = { id: newId(), token: token ?? newId(), action, runs, total, startedBy, createdAt: now() }
      const { id } = await bulk.add(added)
      if (id === added.id) events.emit('bulk-action-begun', { bulkId: id, action, runs: total, by })
      queue.wake()
      return get(id)
    },

    async markSeen(actions) {
      for (const { id, endedAt } of actions) if (endedAt !== null) await bulk.close(id, now())
    },

    async stop(id, by) {
      await find(id)
      if (!(await queue.end(id, 'stopped', by))) throw new ConflictError('This has already ended.')
      return get(id)
    },

    async close(id, by) {
      const { endedAt } = await find(id)
      if (endedAt === null) return
      await bulk.close(id, now())
      events.emit('bulk-action-closed', { bulkId: id, by })
    },
  }
}
