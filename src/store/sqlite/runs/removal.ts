import type { Store } from '../file/open.ts'
import { createRunStates } from './state-index.ts'

/** A step takes this long, and its commit about as long again. */
const stepMs = 3
/** Where the clock stands still. */
const mostRunsInStep = 50
const mostStatesInStep = 200

export type RunRemoval = ReturnType<typeof createRunRemoval>

/**
 * Removes runs with all that belongs to them. Events, exchanges, keys and what lists know of a run go by triggers on
 * workflow_runs; the states that the Python program saved of it are removed here.
 */
export function createRunRemoval({ db }: Pick<Store, 'db'>, elapsed: () => number) {
  const sqlite = db.$client
  const states = createRunStates({ db })
  const anyState = sqlite.prepare<[string], number>('SELECT state_id FROM run_states WHERE run_id = ? LIMIT 1').pluck()
  const removeState = sqlite.prepare('DELETE FROM execution_states WHERE id = ? AND run_id = ?')
  // The trigger does not know of an entry that a row left behind when it was replaced.
  const removeEntry = sqlite.prepare('DELETE FROM run_states WHERE run_id = ? AND state_id = ?')
  const removeRow = sqlite.prepare('DELETE FROM workflow_runs WHERE id = ?')
  const removeFromIndex = sqlite.prepare('DELETE FROM run_index WHERE run_id = ?')
  const remember = sqlite.prepare('INSERT OR IGNORE INTO removed_runs SELECT id FROM workflow_runs WHERE id = ?')
  const anyRemoved = sqlite.prepare<[], string>('SELECT run_id FROM removed_runs LIMIT 1').pluck()
  const forget = sqlite.prepare('DELETE FROM removed_runs WHERE run_id = ?')

  /** Whether none is left. A single one may be large, so the time is looked at after each. */
  function removeStates(runId: string, until: number): boolean {
    for (let removed = 0; removed < mostStatesInStep; removed++) {
      const id = anyState.get(runId)
      if (id === undefined) return true
      removeState.run(id, runId)
      removeEntry.run(runId, id)
      if (elapsed() >= until) break
    }
    return anyState.get(runId) === undefined
  }

  /**
   * Removes runs in the order in which `next` names them, whatever they do at the moment, as many as a step has time
   * for. `named` counts those that are gone now; the one after may be gone in part, and has to be named again. `removed`
   * counts those that were there. Belongs inside a transaction.
   */
  function removeSome(next: () => string | undefined): { named: number; removed: number } {
    const until = elapsed() + stepMs
    let removed = 0
    for (let named = 0; named < mostRunsInStep; named++) {
      const runId = named > 0 && elapsed() >= until ? undefined : next()
      if (runId === undefined) return { named, removed }
      if (!states.isWhole()) remember.run(runId)
      else if (!removeStates(runId, until)) return { named, removed }
      if (removeRow.run(runId).changes > 0) removed++
      // Else who asks the index what there is to remove would get the same answer for ever.
      else removeFromIndex.run(runId)
    }
    return { named: mostRunsInStep, removed }
  }

  /** Removes states of a run that was removed before they were known. Whether there was one. */
  function removeStatesOfRemoved(): boolean {
    const runId = states.isWhole() ? anyRemoved.get() : undefined
    if (runId === undefined) return false
    if (removeStates(runId, elapsed() + stepMs)) forget.run(runId)
    return true
  }

  return {
    removeSome,

    removeStatesOfRemoved,
  }
}
