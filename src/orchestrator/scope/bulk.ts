import { ConflictError } from '../../shared/errors.ts'
import type { BulkRecord, BulkStore } from '../../store/ports/bulk.ts'
import { notForReaders, type Scope } from './scope.ts'

/** What the dashboard keeps besides those that have not ended is far less. */
const all = 1000

/** Actions that were begun by somebody who sees no more agents than are listed. */
export function narrowBulk(bulk: BulkStore, { has }: Scope): BulkStore {
  const isOwn = ({ startedBy }: BulkRecord) => startedBy?.agents?.every(has) ?? false
  const find = async (id: string) => [await bulk.get(id)].find((found) => found !== undefined && isOwn(found))

  return {
    async add(action) {
      const added = await bulk.add(action)
      if (!isOwn(added)) throw new ConflictError('Somebody else has used this key. Use another one.')
      return added
    },

    get: find,
    unended: async () => (await bulk.unended()).filter(isOwn),
    latest: async (max) => (await bulk.latest(all)).filter(isOwn).slice(0, max),
    runIds: async (id) => ((await find(id)) ? bulk.runIds(id) : []),
    reasons: async (id) => ((await find(id)) ? bulk.reasons(id) : []),

    async close(id, at) {
      if (await find(id)) await bulk.close(id, at)
    },

    start: notForReaders,
    setTotal: notForReaders,
    end: notForReaders,
    step: notForReaders,
    correct: notForReaders,
    deleteRuns: notForReaders,
  }
}
