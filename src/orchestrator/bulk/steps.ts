import type { BulkRecord, BulkRuns, BulkStore } from '../../store/ports/bulk.ts'
import { createBulkActing } from './acting.ts'
import { createBulkCount } from './counting.ts'
import { createBulkIntents, type IntentDeps } from './intents.ts'
import { objection, runGone } from './rules.ts'
import type { BulkTargets, Candidates } from './targets.ts'

/** Where the clock stands still. */
const maxAtOnce = { rerun: 8, cancel: 8, delete: 50 }
/** Queued runs keep their inputs in memory: an action waits when so many of its runs are queued. */
const maxQueued = 100

/** `rest`: there is nothing to do just now. */
export type BulkStep = (action: BulkRecord) => Promise<'continue' | 'rest' | 'done'>

export type BulkStepDeps = Omit<IntentDeps, 'onAccepted'> & {
  bulk: BulkStore
  targets: BulkTargets
  /** How many runs have a slot at a time. */
  slots: number
  elapsed: () => number
  onError: (error: unknown) => void
}

/**
 * Does some of a bulk action. Its position moves in the transaction that changes the runs, so that each run is handled
 * once, whenever the program ends.
 */
export function createBulkSteps(deps: BulkStepDeps): BulkStep {
  const { bulk, targets, registry, executions, slots } = deps
  /** Active runs of the current action. Others may be stuck, and are no reason to wait. */
  let reruns = { bulkId: '', runIds: new Set<string>() }
  const intentOf = createBulkIntents({ ...deps, onAccepted: (runId) => reruns.runIds.add(runId) })
  const actOn = createBulkActing({ ...deps, intentOf })
  const countSome = createBulkCount(bulk, targets)

  function remove({ id }: BulkRecord, { runs, searchedTo }: Candidates): Promise<void> {
    const deletions = runs.map((one) => ({
      id: one.id,
      cursor: one.position,
      objection: objection('delete', one.run, registry),
    }))
    return bulk.deleteRuns(id, deletions, { cursor: searchedTo, reasonIfGone: runGone })
  }

  /** How many runs an action may accept now. */
  function roomFor({ id }: BulkRecord): number {
    if (reruns.bulkId !== id) reruns = { bulkId: id, runIds: new Set() }
    for (const runId of reruns.runIds) if (!executions.isActive(runId)) reruns.runIds.delete(runId)
    return slots + maxQueued - reruns.runIds.size
  }

  return async function step(action) {
    const { id, filter } = action
    const selected: BulkRuns = filter === null ? { runIds: await bulk.runIds(id) } : { filter }
    if (action.total === undefined) {
      await countSome(id, selected)
      return 'continue'
    }
    const free = action.action === 'rerun' ? roomFor(action) : maxAtOnce[action.action]
    if (free <= 0) return 'rest'
    const found = await targets.next(selected, action.cursor, Math.min(free, maxAtOnce[action.action]))
    if (found.runs.length > 0 || found.searchedTo !== undefined) {
      await (action.action === 'delete' ? remove(action, found) : actOn(action, found))
      return 'continue'
    }
    return found.isMore ? 'continue' : 'done'
  }
}
