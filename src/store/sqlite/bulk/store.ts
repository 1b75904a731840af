import type { BulkDeletion, BulkOutcome, BulkStore, BulkWrite } from '../../ports/bulk.ts'
import { isDiskError } from '../file/errors.ts'
import type { Store } from '../file/open.ts'
import type { RunDeletion } from '../runs/deletion.ts'
import type { RunTable } from '../runs/table.ts'
import { deleteSome } from './deletions.ts'
import { createBulkTable } from './table.ts'

export function createBulkStore(
  store: Pick<Store, 'db' | 'write'>,
  runs: RunTable,
  deletion: Pick<RunDeletion, 'deleteSome'>,
): BulkStore {
  const { write } = store
  const sqlite = store.db.$client
  const table = createBulkTable(store)
  const silently = { isSilent: true }
  const inSavepoint = sqlite.transaction((one: BulkWrite) =>
    'accept' in one ? runs.accept(one.accept) : runs.change(one.change, one.decide),
  )

  function outcomeOf(one: BulkWrite): BulkOutcome {
    try {
      return { value: inSavepoint(one) }
    } catch (error) {
      if (!sqlite.inTransaction || isDiskError(error)) throw error
      return { error }
    }
  }

  function deleteRuns(id: string, deletions: BulkDeletion[], cursor: number | undefined, reasonIfGone: string): void {
    const { finished, deleted, problems } = deleteSome(deletion, deletions, reasonIfGone)
    const last = finished === deletions.length ? cursor : undefined
    table.move(id, { done: deleted, problems }, last ?? deletions[finished - 1]?.cursor)
  }

  return {
    add: (bulk) => write(() => table.add(bulk)),
    get: async (id) => table.get(id),
    unended: async () => table.unended(),
    latest: async (max) => table.latest(max),
    runIds: async (id) => table.runIds(id),
    reasons: async (id) => table.reasons(id),

    start: (id, startedAt) =>
      write(() => {
        const isWaiting = table.get(id)?.state === 'waiting'
        if (isWaiting) table.set(id, { state: 'working', startedAt })
        return isWaiting
      }),

    setTotal: (id, total) => write(() => table.set(id, { total }), silently),

    end: (id, state, endedAt, stopReason = null) =>
      write(() => {
        if (!table.isUnended(id)) return undefined
        table.set(id, { state, endedAt, stopReason })
        return table.get(id)
      }),

    close: (id, closedAt) =>
      write(() => {
        if (!table.isUnended(id)) table.set(id, { closedAt })
      }),

    step: (id, { cursor, planned, ...progress }, writes) =>
      write(
        () => {
          if (!table.isUnended(id) || (planned && table.get(id)?.cursor !== planned.cursor)) return undefined
          table.move(id, progress, cursor)
          return writes.map(outcomeOf)
        },
        { isSilent: writes.length === 0 },
      ),

    correct: (id, more) => write(() => table.move(id, more, undefined), silently),

    deleteRuns: (id, deletions, { cursor, reasonIfGone }) =>
      write(
        () => {
          if (table.isUnended(id)) deleteRuns(id, deletions, cursor, reasonIfGone)
        },
        { isSilent: true, isRepeatable: true },
      ),
  }
}
