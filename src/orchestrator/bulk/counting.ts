import type { BulkRuns, BulkStore } from '../../store/ports/bulk.ts'
import type { BulkTargets } from './targets.ts'

const countedAtOnce = 500

/** A restart counts anew. */
export function createBulkCount(bulk: Pick<BulkStore, 'setTotal'>) {
  let counted: { id: string; runs: number; after: number | undefined } | undefined

  return async function countSome(id: string, selected: BulkRuns, targets: BulkTargets): Promise<void> {
    if (counted?.id !== id) counted = { id, runs: 0, after: undefined }
    const { runs, isMore, searchedTo } = await targets.next(selected, counted.after, countedAtOnce)
    counted = { id, runs: counted.runs + runs.length, after: searchedTo ?? runs.at(-1)?.position ?? counted.after }
    if (!isMore) await bulk.setTotal(id, counted.runs)
  }
}
