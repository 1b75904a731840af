import type { RunStore } from '../../../store/ports/runs.ts'
import type { ActiveRuns } from './active-runs.ts'

/** Leaves alone what other dashboards have taken up or ended, and takes up again what is ours and nothing follows. */
export function createHeeding(deps: {
  runs: Pick<RunStore, 'unfinished'>
  active: Pick<ActiveRuns, 'all' | 'has'>
  owner: () => string | undefined
  takeAgain: (runIds: string[]) => Promise<void>
}): () => Promise<void> {
  const { runs, active, owner, takeAgain } = deps
  /** Ours at the last look, though nothing followed them. */
  let unfollowed = new Set<string>()

  return async () => {
    const own = owner()
    const known = active.all()
    for (const run of known) if (run.owner !== own) run.stop.abort()
    const unfinished = new Set(await runs.unfinished(own))
    for (const { row, stop } of known) if (!unfinished.has(row.id)) stop.abort()
    // One that has only just been accepted is followed when this is asked again; others may hold slots.
    const idle = [...unfinished].filter((id) => !active.has(id))
    const forgotten = idle.filter((id) => unfollowed.has(id))
    unfollowed = new Set(idle)
    if (forgotten.length > 0) await takeAgain(forgotten)
  }
}
