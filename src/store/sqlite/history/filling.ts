import type { HistoryProgress } from '../../ports/history.ts'
import { createDashboardState } from '../file/dashboard-state.ts'
import { isBusy } from '../file/errors.ts'
import type { Store } from '../file/open.ts'

/** How long a step takes without its commit, and how many rows at most: where the clock stands still, time has no end. */
export type Pace = { stepMs: number; mostRows: number }
/** While nobody waits yet: so a small history is whole from the first answer on. */
const atStart: Pace = { stepMs: 200, mostRows: 1024 }
/** A commit takes about as long again. */
const besideRequests: Pace = { stepMs: 4, mostRows: 512 }
/** Within these the file is read forward: a disk that is asked for page after page backwards takes thrice as long. */
const rowsAtOnce = 16

/**
 * Takes the rows of workflow_runs that were there before the triggers into run_index, newest first. Triggers do the
 * rest: a row that is written meanwhile is in it already, or is read as it is by then.
 */
export function createRunIndex({ db, write }: Store, elapsed: () => number, pace = besideRequests) {
  const state = createDashboardState({ db })
  // VACUUM may give rows other numbers, and only smaller ones: what is left to do stays below `history_next`.
  const highest = db.$client
    .prepare<[number], number | null>('SELECT max(rowid) FROM workflow_runs WHERE rowid <= ?')
    .pluck()
  const takeIn = db.$client.prepare(
    `INSERT INTO run_entries SELECT * FROM run_entries AS entry WHERE position BETWEEN ? AND ?
       AND NOT EXISTS (SELECT 1 FROM run_index WHERE run_index.run_id = entry.run_id) ORDER BY position`,
  )
  const kept = (key: 'history_newest' | 'history_oldest' | 'history_next') => Number(state.get(key))

  function takeSome(pace: Pace): void {
    const until = elapsed() + pace.stepMs
    let next = kept('history_next')
    for (let rows = 0; next > 0 && (rows === 0 || (rows < pace.mostRows && elapsed() < until)); rows += rowsAtOnce) {
      // Rows may have been removed, and whole ranges of numbers with them.
      const to = highest.get(next) ?? 0
      next = to - rowsAtOnce
      takeIn.run(next + 1, to)
    }
    state.set('history_next', String(Math.max(0, next)))
  }

  return {
    /** Counted by the numbers that SQLite gave them. Undefined when all are taken in. */
    progress(): HistoryProgress | undefined {
      const [newest, oldest, next] = [kept('history_newest'), kept('history_oldest'), kept('history_next')]
      const total = newest - oldest + 1
      return next > 0 ? { done: Math.min(newest - next, total), total } : undefined
    },

    /** Takes in the newest at once, before anybody asks, unless another program is writing. */
    begin(): void {
      if (kept('history_next') <= 0) return
      try {
        db.$client.transaction(() => takeSome(atStart)).immediate()
      } catch (error) {
        if (!isBusy(error)) throw error
      }
    },

    /** Takes in some more. Silent: who shows the history is told by whoever calls this. */
    step: (): Promise<void> => write(() => takeSome(pace), { isSilent: true, isRepeatable: true }),
  }
}
