import type { BulkRecord, BulkRuns, BulkStore } from '../../store/ports/bulk.ts'
import { createBulkActing } from './acting.ts'
import { createBulkCount } from './counting.ts'
import { createBulkIntents, type IntentDeps } from './intents.ts'
import { objection, runGone } from './rules.ts'
import type { BulkTargets, Candidates } from './targets.ts'

const maxAtOnce = { rerun: 8, cancel: 8, delete: 50 }
/** Queued runs keep their inputs in memory. */
const maxQueued = 100

export type BulkStep = (action: BulkRecord, agents: readonly string[] | null) => Promise<'continue' | 'rest' | 'done'>

export type BulkStepDeps = Omit<IntentDeps, 'onAccepted'> & {
  bulk: BulkStore
  targetsAmong: (agents: readonly string[] | null) => BulkTargets
  slots: number
  elapsed: () => number
  onError: (error: unknown) => void
}

/** The position of an action moves in the transaction that changes the runs, so each run is handled once. */
export function createBulkSteps(deps: BulkStepDeps): BulkStep {
  const { bulk, targetsAmong, registry, executions, slots } = deps
  /** Of the current action alone: others may be stuck. */
  let reruns = { bulkId: '', runIds: new Set<string>() }
  const intentOf = createBulkIntents({ ...deps, onAccepted: (runId) => reruns.runIds.add(runId) })
  const actOn = createBulkActing({ ...deps, intentOf })
  const countSome = createBulkCount(bulk)

  function remove({ id }: BulkRecord, { runs, searchedTo }: Candidates): Promise<void> {
    const deletions = runs.map((one) => ({
      id: one.id,
      cursor: one.position,
      objection: objection('delete', one.run, registry),
    }))
    return bulk.deleteRuns(id, deletions, { cursor: searchedTo, reasonIfGone: runGone })
  }

  function roomFor({ id }: BulkRecord): number {
    if (reruns.bulkId !== id) reruns = { bulkId: id, runIds: new Set() }
    for (const runId of reruns.runIds) if (!executions.isActive(runId)) reruns.runIds.delete(runId)
    return slots + maxQueued - reruns.runIds.size
  }

  return async function step(action, agents) {
    const { id, filter } = action
    // Whoever began it sees no others, and nor does it.
    const targets = targetsAmong(agents)
    const selected: BulkRuns = filter === null ? { runIds: await bulk.runIds(id) } : { filter }
    if (action.total === undefined) {
      await countSome(id, selected, targets)
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
