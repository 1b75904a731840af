import type { HistoryProgress } from '../../ports/history.ts'
import { createDashboardState } from '../file/dashboard-state.ts'
import type { Store } from '../file/open.ts'

const stepMs = 3
const rowsAtOnce = 16
const maxRowsInStep = 512
/** More than any run has, and few enough to be listed. */
export const maxStates = 10_000

export type RunStates = ReturnType<typeof createRunStates>

/** Which execution states are of a run. Triggers keep it; `takeSome` adds older rows, newest first. */
export function createRunStates({ db }: Pick<Store, 'db'>) {
  const state = createDashboardState({ db })
  const sqlite = db.$client
  let isKnownToBeWhole = false

  // A row that replaced another may have left that one's entry behind.
  const statesOf = sqlite
    .prepare<[string], number>(
      `SELECT state_id FROM run_states AS entry WHERE run_id = ?
         AND EXISTS (SELECT 1 FROM execution_states AS state WHERE state.id = entry.state_id AND state.run_id = entry.run_id)
       ORDER BY state_id LIMIT ${maxStates}`,
    )
    .pluck()
  const lowest = sqlite
    .prepare<[number], number | null>(
      `SELECT min(id) FROM (SELECT id FROM execution_states WHERE id <= ? ORDER BY id DESC LIMIT ${rowsAtOnce})`,
    )
    .pluck()
  const takeIn = sqlite.prepare(
    'INSERT OR IGNORE INTO run_states SELECT run_id, id FROM execution_states WHERE id BETWEEN ? AND ?',
  )
  const kept = (key: 'states_newest' | 'states_oldest' | 'states_next') => Number(state.get(key))

  function isWhole(): boolean {
    isKnownToBeWhole ||= kept('states_next') < kept('states_oldest')
    return isKnownToBeWhole
  }

  return {
    isWhole,

    stateIdsOf: (runId: string): number[] | undefined => (isWhole() ? statesOf.all(runId) : undefined),

    progress(): HistoryProgress | undefined {
      if (isWhole()) return undefined
      const [newest, oldest, next] = [kept('states_newest'), kept('states_oldest'), kept('states_next')]
      return { done: newest - next, total: newest - oldest + 1 }
    },

    /** Belongs inside a transaction. */
    takeSome(elapsed: () => number): void {
      const until = elapsed() + stepMs
      const oldest = kept('states_oldest')
      let next = kept('states_next')
      for (let rows = 0; next >= oldest && rows < maxRowsInStep && elapsed() < until; rows += rowsAtOnce) {
        const from = lowest.get(next) ?? oldest
        takeIn.run(from, next)
        next = from - 1
      }
      state.set('states_next', String(next))
    },
  }
}
