import { createRevision } from '../../shared/revision.ts'
import type { Store } from '../../store/ports.ts'
import { narrowBulk } from './bulk.ts'
import { narrowHealthStore } from './health.ts'
import { narrowHistory } from './history.ts'
import { narrowRuns } from './runs.ts'
import type { Scope } from './scope.ts'
import { narrowViews } from './views.ts'

/** As much of the store as readers ask. */
export type ReaderStore = Pick<Store, 'bulk' | 'health' | 'history' | 'runs' | 'views' | 'revision'>

/** What there is of listed agents. Nothing that is kept under its revision is taken for what others see: `id` is in it. */
export function narrowStore(store: ReaderStore, scope: Scope, id: string): ReaderStore {
  return {
    bulk: narrowBulk(store.bulk, scope),
    health: narrowHealthStore(store.health, scope),
    history: narrowHistory(store.history, scope),
    runs: narrowRuns(store.runs, scope),
    views: narrowViews(store.views),
    revision: createRevision(store.revision, () => id),
  }
}
