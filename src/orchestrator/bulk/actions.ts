import type { Actor } from '../../shared/actor.ts'
import { ConflictError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { BulkRuns } from '../../store/ports/bulk.ts'
import type { Store } from '../../store/ports.ts'
import type { EventStream } from '../events.ts'
import type { HistoryState } from '../history/indexing.ts'
import type { Registry } from '../registry/registry.ts'
import { type BulkPreview, previewOf } from './preview.ts'
import { type BulkActionProgress, createBulkProgress } from './progress.ts'
import type { BulkQueue } from './queue.ts'
import { type BulkRequest, createBulkSelection } from './request.ts'
import { createBulkTargets } from './targets.ts'

export type BulkActions = {
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

/** Of the agents that `store` and `registry` know. Those of one action throw NotFoundError; `stop` throws ConflictError
 * for one that had ended. */
export function createBulkActions(deps: {
  store: Pick<Store, 'bulk' | 'history' | 'runs'>
  registry: Registry
  queue: Pick<BulkQueue, 'wake' | 'end' | 'problem'>
  clock: Clock
  newId: () => string
  historyState: () => Promise<HistoryState>
  events: Pick<EventStream, 'emit'>
}): BulkActions {
  const { store, registry, queue, clock, newId, historyState, events } = deps
  const { bulk } = store
  const { now, elapsed } = clock
  const targets = createBulkTargets(store, now)
  const context = () => ({ now: now(), isPosition: store.history.isPosition })
  const selection = createBulkSelection({ targets, context, historyState })
  const { find, get, latest, shown } = createBulkProgress(bulk, queue.problem)

  return {
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
