import type { HistoryProgress } from '../../ports/history.ts'
import { createDashboardState } from '../file/dashboard-state.ts'
import { isBusy } from '../file/errors.ts'
import type { Store } from '../file/open.ts'

export type Pace = { stepMs: number; maxRows: number }
/** While nobody waits yet: so a small history is complete from the first response on. */
const atStart: Pace = { stepMs: 200, maxRows: 1024 }
const besideRequests: Pace = { stepMs: 4, maxRows: 512 }
/** Within these the file is read forward: backwards, page by page, takes three times as long. */
const rowsAtOnce = 16

/** Takes rows of workflow_runs that are older than our triggers into run_index, newest first. */
export function createRunIndex({ db, write }: Store, elapsed: () => number, pace = besideRequests) {
  const state = createDashboardState({ db })
  // VACUUM gives rows only smaller numbers: what is left to do stays below `history_next`.
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
    for (let rows = 0; next > 0 && (rows === 0 || (rows < pace.maxRows && elapsed() < until)); rows += rowsAtOnce) {
      const to = highest.get(next) ?? 0
      next = to - rowsAtOnce
      takeIn.run(next + 1, to)
    }
    state.set('history_next', String(Math.max(0, next)))
  }

  return {
    /** Counted by rowids. Undefined when all are taken in. */
    progress(): HistoryProgress | undefined {
      const [newest, oldest, next] = [kept('history_newest'), kept('history_oldest'), kept('history_next')]
      const total = newest - oldest + 1
      return next > 0 ? { done: Math.min(newest - next, total), total } : undefined
    },

    /** Takes in the newest at once, unless another program is writing. */
    begin(): void {
      if (kept('history_next') <= 0) return
      try {
        db.$client.transaction(() => takeSome(atStart)).immediate()
      } catch (error) {
        if (!isBusy(error)) throw error
      }
    },

    step: (): Promise<void> => write(() => takeSome(pace), { isSilent: true, isRepeatable: true }),
  }
}
