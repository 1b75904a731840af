import type { DeletedRuns } from '../../ports/upkeep.ts'
import { createDashboardState } from '../file/dashboard-state.ts'
import type { Store } from '../file/open.ts'

export function createDeletedCounter(db: Store['db'], now: () => number) {
  const state = createDashboardState({ db })
  const numberAt = (key: string) => (state.get(key) === undefined ? undefined : Number(state.get(key)))

  return {
    add(deleted: number): void {
      if (deleted === 0) return
      const at = String(now())
      state.set('let_go_runs', String((numberAt('let_go_runs') ?? 0) + deleted))
      if (state.get('let_go_first_at') === undefined) state.set('let_go_first_at', at)
      state.set('let_go_last_at', at)
    },

    read: (): DeletedRuns => ({
      runs: numberAt('let_go_runs') ?? 0,
      firstAt: numberAt('let_go_first_at'),
      lastAt: numberAt('let_go_last_at'),
    }),
  }
}
