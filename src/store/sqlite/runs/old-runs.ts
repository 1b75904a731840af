import { dayMs, hourMs } from '../../../shared/time/durations.ts'
import { firstDatedSeq, seqAt } from '../../history/ranges.ts'
import type { Store } from '../file/open.ts'
import { createDeletedCounter } from './deleted-counter.ts'
import type { RunDeletion } from './deletion.ts'

/** Runs of a status below a seq in run_index. */
export type OldRuns = { status: string; before: number }[]

const dayOf = (seq: number) => Math.floor(seq / seqAt(dayMs))
const hourOf = (seq: number) => Math.floor(seq / seqAt(hourMs))

export type OldRunTable = ReturnType<typeof createOldRuns>

export function createOldRuns({ db, write }: Store, { deleteSome }: RunDeletion, now: () => number) {
  const sqlite = db.$client
  const deletedCounter = createDeletedCounter(db, now)
  const oldest = sqlite
    .prepare<[string, number, number], string>(
      'SELECT run_id FROM run_index WHERE status = ? AND seq >= ? AND seq < ? ORDER BY seq LIMIT 1',
    )
    .pluck()
  const counted = sqlite
    .prepare<Record<string, string | number>, number>(
      `SELECT
         (SELECT coalesce(sum(runs), 0) FROM run_totals WHERE at >= @firstDay AND at < @day AND status = @status)
         + (SELECT coalesce(sum(runs), 0) FROM run_hours WHERE at >= @firstHour AND at < @hour AND status = @status)
         + (SELECT count(*) FROM run_index WHERE seq >= @first AND seq < @before AND status = @status)`,
    )
    .pluck()

  function nextOf(old: OldRuns): string | undefined {
    for (const { status, before } of old) {
      const id = oldest.get(status, firstDatedSeq, before)
      if (id !== undefined) return id
    }
    return undefined
  }

  return {
    isAny: (old: OldRuns): boolean => nextOf(old) !== undefined,

    count: (old: OldRuns): number =>
      old.reduce((sum, { status, before }) => {
        const [day, hour] = [dayOf(before), hourOf(before)]
        const firstHour = Math.max((day * dayMs) / hourMs, hourOf(firstDatedSeq))
        const first = Math.max(seqAt(hour * hourMs), firstDatedSeq)
        const of = { status, firstDay: dayOf(firstDatedSeq), day, firstHour, hour, first, before }
        return sum + counted.get(of)!
      }, 0),

    /** Deletes some, silently, the oldest of each status first. */
    deleteSome: (old: OldRuns): Promise<{ deleted: number; isMore: boolean }> =>
      write(
        () => {
          const { named, deleted } = deleteSome(() => nextOf(old))
          deletedCounter.add(deleted)
          return { deleted, isMore: named > 0 || nextOf(old) !== undefined }
        },
        { isSilent: true, isRepeatable: true },
      ),

    deleted: deletedCounter.read,
  }
}
