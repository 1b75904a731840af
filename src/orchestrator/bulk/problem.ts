import type { ClusterStore } from '../../store/ports/cluster.ts'

const noteName = 'bulk-problem'

type Problem = { of?: string | undefined; message: string }

/** Why the queue stands still; `notes` tell other dashboards. */
export function createBulkProblem(notes: Pick<ClusterStore, 'note' | 'takeNote'> | undefined) {
  let problem: Problem | undefined
  /** What others read of it; unknown at the start. */
  let noted: string | undefined

  function set(now: Problem | undefined): void {
    problem = now
    const text = now ? JSON.stringify(now) : ''
    if (!notes || text === noted) return
    noted = text
    notes.takeNote(noteName, text || undefined).catch(() => {
      noted = undefined
    })
  }

  /** Why this one, the first in the queue, cannot continue. */
  async function of(id: string): Promise<string | undefined> {
    const text = notes && (await notes.note(noteName))
    // Where it could not be noted, it is known here alone.
    const own = noted === undefined || !notes ? problem : undefined
    const found = text ? (JSON.parse(text) as Problem) : own
    return found && (found.of === undefined || found.of === id) ? found.message : undefined
  }

  return { set, of }
}
