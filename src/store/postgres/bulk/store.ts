import type { BulkDeletion, BulkOutcome, BulkProblem, BulkStore, BulkWrite } from '../../ports/bulk.ts'
import type { Accepted, Decided } from '../../ports/runs.ts'
import type { Database } from '../database/open.ts'
import { inSavepoint } from '../database/savepoint.ts'
import type { Session } from '../database/session.ts'
import { deleteRuns } from '../runs/deletion.ts'
import type { RunTable } from '../runs/table.ts'
import { sql } from '../sql/drizzle.ts'
import { reasonsOf } from './reasons.ts'
import * as table from './table.ts'

const maxDeletions = 100
const silently = { isSilent: true }

export function createBulkStore({ read, write, tell }: Database, runs: RunTable): BulkStore {
  const outcomeOf = (session: Session, one: BulkWrite): Promise<BulkOutcome> =>
    inSavepoint<Accepted | Decided | undefined>(session, () =>
      'accept' in one ? runs.accept(session, one.accept) : runs.change(session, one.change, one.decide),
    )

  return {
    add: (bulk) => write((session) => table.addAction(session, bulk)),
    get: (id) => read((session) => table.getAction(session, id)),
    unended: () => read(table.unendedActions),
    latest: (max) => read((session) => table.latestActions(session, max)),
    runIds: (id) => read((session) => table.runIdsOf(session, id)),
    reasons: (id) => read((session) => reasonsOf(session, id)),

    start: (id, startedAt) =>
      write(async (session) => {
        const isWaiting = (await table.lockUnended(session, id))?.state === 'waiting'
        if (isWaiting) await table.setAction(session, id, { state: 'working', startedAt })
        return isWaiting
      }),

    setTotal: (id, total) => write((session) => table.setAction(session, id, { total }), silently),

    end: (id, state, endedAt, stopReason = null) =>
      write(async (session) => {
        const action = await table.lockUnended(session, id)
        if (action) await table.setAction(session, id, { state, endedAt, stopReason })
        // Who reads that it has ended is to be shown what it did.
        await tell(session)
        return action && { ...action, state, endedAt, stopReason }
      }),

    close: (id, closedAt) =>
      write(async (session) => {
        if (!(await table.lockUnended(session, id))) await table.setAction(session, id, { closedAt })
      }),

    step: (id, { cursor, planned, ...progress }, writes) =>
      write(
        async (session) => {
          const action = await table.lockUnended(session, id)
          if (!action || (planned && action.cursor !== planned.cursor)) return undefined
          await table.moveAction(session, id, progress, cursor)
          const outcomes: BulkOutcome[] = []
          for (const one of writes) outcomes.push(await outcomeOf(session, one))
          return outcomes
        },
        { isSilent: writes.length === 0 },
      ),

    correct: (id, more) => write((session) => table.moveAction(session, id, more, undefined), silently),

    deleteRuns: (id, deletions, { cursor, reasonIfGone }) =>
      write(async (session) => {
        if (!(await table.lockUnended(session, id))) return
        const some = deletions.slice(0, maxDeletions)
        const last = some.length === deletions.length ? cursor : undefined
        const progress = await deleteSome(session, some, reasonIfGone)
        await table.moveAction(session, id, progress, last ?? some.at(-1)?.cursor)
      }, silently),
  }
}

async function deleteSome(session: Session, deletions: BulkDeletion[], reasonIfGone: string) {
  const ids = deletions.flatMap(({ id, objection }) => (objection === undefined ? [id] : []))
  const deleted = new Set(await deleteRuns(session, sql`id = ANY(${sql.param(ids)}::text[])`))
  const done = deleted.size
  const problems = deletions.flatMap(({ id: runId, objection }): BulkProblem[] => {
    // The same run may be named twice.
    if (objection === undefined && deleted.delete(runId)) return []
    return [{ kind: 'left out', reason: objection ?? reasonIfGone, runId }]
  })
  return { done, problems }
}
