import { NotFoundError } from '../../shared/errors.ts'
import type { BulkReason, BulkRecord, BulkStore } from '../../store/ports/bulk.ts'

export type BulkActionProgress = Omit<BulkRecord, 'cursor' | 'closedAt'> & {
  reasons: BulkReason[]
  ahead: number
  problem: string | undefined
}

const maxShown = 5
const maxListed = 50

/** `problem`: why one that is the first in the queue cannot continue. */
export function createBulkProgress(
  bulk: Pick<BulkStore, 'get' | 'unended' | 'latest' | 'reasons'>,
  problem: (id: string) => Promise<string | undefined>,
) {
  async function progressOf(
    { cursor: _, closedAt: __, ...action }: BulkRecord,
    unended: BulkRecord[],
  ): Promise<BulkActionProgress> {
    const { id, state, total, done, leftOut, failed } = action
    const turn = unended.findIndex((one) => one.id === id)
    return {
      ...action,
      // Runs of the past may arrive meanwhile, from a clock that is behind.
      total: total === undefined ? undefined : Math.max(total, done + leftOut + failed),
      reasons: await bulk.reasons(id),
      ahead: state === 'waiting' ? Math.max(0, turn) : 0,
      problem: turn === 0 ? await problem(id) : undefined,
    }
  }

  async function find(id: string): Promise<BulkRecord> {
    const record = await bulk.get(id)
    if (!record) throw new NotFoundError('page', `/runs/bulk/${id}`)
    return record
  }

  return {
    find,

    get: async (id: string): Promise<BulkActionProgress> => progressOf(await find(id), await bulk.unended()),

    async latest(): Promise<BulkActionProgress[]> {
      const records = await bulk.latest(maxListed)
      const unended = await bulk.unended()
      return Promise.all(records.map((record) => progressOf(record, unended)))
    },

    async shown(known: string[] = []): Promise<BulkActionProgress[]> {
      const isNews = ({ id, closedAt }: BulkRecord) => closedAt === null || known.includes(id)
      // One that ends while these are read is in both.
      const unended = await bulk.unended()
      const isEnded = ({ id, endedAt }: BulkRecord) => endedAt !== null && !unended.some((one) => one.id === id)
      const ended = (await bulk.latest(maxShown)).filter((record) => isEnded(record) && isNews(record))
      const shown = [...unended, ...ended].slice(0, maxShown)
      return Promise.all(shown.map((record) => progressOf(record, unended)))
    },
  }
}
