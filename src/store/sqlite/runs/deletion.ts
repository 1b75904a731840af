import type { Store } from '../file/open.ts'
import { createRunStates } from './state-index.ts'

/** Without its commit, which takes about as long again. */
const stepMs = 3
/** Where the clock stands still. */
const maxRunsInStep = 50
const maxStatesInStep = 200

export type RunDeletion = ReturnType<typeof createRunDeletion>

/** Triggers on workflow_runs delete what is in our tables; the states that the Python program saved are deleted here. */
export function createRunDeletion({ db }: Pick<Store, 'db'>, elapsed: () => number) {
  const sqlite = db.$client
  const states = createRunStates({ db })
  const anyState = sqlite.prepare<[string], number>('SELECT state_id FROM run_states WHERE run_id = ? LIMIT 1').pluck()
  const deleteState = sqlite.prepare('DELETE FROM execution_states WHERE id = ? AND run_id = ?')
  const deleteEntry = sqlite.prepare('DELETE FROM run_states WHERE run_id = ? AND state_id = ?')
  const deleteRow = sqlite.prepare('DELETE FROM workflow_runs WHERE id = ?')
  const deleteFromIndex = sqlite.prepare('DELETE FROM run_index WHERE run_id = ?')
  const addToDeleted = sqlite.prepare('INSERT OR IGNORE INTO removed_runs SELECT id FROM workflow_runs WHERE id = ?')
  const anyDeleted = sqlite.prepare<[], string>('SELECT run_id FROM removed_runs LIMIT 1').pluck()
  const takeFromDeleted = sqlite.prepare('DELETE FROM removed_runs WHERE run_id = ?')

  /** Returns whether none is left. A single one may be large, so the time is checked after each. */
  function deleteStates(runId: string, until: number): boolean {
    for (let deleted = 0; deleted < maxStatesInStep; deleted++) {
      const id = anyState.get(runId)
      if (id === undefined) return true
      deleteState.run(id, runId)
      deleteEntry.run(runId, id)
      if (elapsed() >= until) break
    }
    return anyState.get(runId) === undefined
  }

  return {
    /** As many as a step has time for, in a transaction. `named` are gone; the next may be gone in part, and is named
     * again. */
    deleteSome(next: () => string | undefined): { named: number; deleted: number } {
      const until = elapsed() + stepMs
      let deleted = 0
      for (let named = 0; named < maxRunsInStep; named++) {
        const runId = named > 0 && elapsed() >= until ? undefined : next()
        if (runId === undefined) return { named, deleted }
        if (!states.isWhole()) addToDeleted.run(runId)
        else if (!deleteStates(runId, until)) return { named, deleted }
        if (deleteRow.run(runId).changes > 0) deleted++
        else deleteFromIndex.run(runId)
      }
      return { named: maxRunsInStep, deleted }
    },

    /** Of runs that were deleted before their states were known. Returns whether there was one. */
    deleteStatesOfDeleted(): boolean {
      const runId = states.isWhole() ? anyDeleted.get() : undefined
      if (runId === undefined) return false
      if (deleteStates(runId, elapsed() + stepMs)) takeFromDeleted.run(runId)
      return true
    },
  }
}
