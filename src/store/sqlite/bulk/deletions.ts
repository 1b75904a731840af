import type { BulkDeletion, BulkProblem } from '../../ports/bulk.ts'
import type { RunDeletion } from '../runs/deletion.ts'

/** `finished` counts the deletions that need no other turn. */
type Deleted = { finished: number; deleted: number; problems: BulkProblem[] }

/** Deletes runs, in order, as many as a step has time for. Belongs inside a transaction. */
export function deleteSome(
  deletion: Pick<RunDeletion, 'deleteSome'>,
  deletions: BulkDeletion[],
  reasonIfGone: string,
): Deleted {
  let next = 0
  const named: number[] = []
  const problems: BulkProblem[] = []
  const { named: gone, deleted } = deletion.deleteSome(() => {
    for (; next < deletions.length; next++) {
      const { id: runId, objection } = deletions[next]!
      if (objection === undefined) {
        named.push(next++)
        return runId
      }
      problems.push({ kind: 'left out', reason: objection, runId })
    }
    return undefined
  })
  for (let lost = deleted; lost < gone; lost++)
    problems.push({ kind: 'left out', reason: reasonIfGone, runId: deletions[named[lost]!]!.id })
  // The last one that was named may be deleted in part: it has another turn.
  return { finished: gone < named.length ? named[gone]! : next, deleted, problems }
}
