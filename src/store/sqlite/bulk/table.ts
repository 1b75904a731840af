import type { BulkAction, BulkProgress, BulkReason, BulkRecord, BulkState, NewBulk } from '../../ports/bulk.ts'
import type { Store } from '../file/open.ts'
import { asc, desc, eq, getTableColumns, inArray, sql } from '../sql/drizzle.ts'
import { placeholders } from '../sql/placeholders.ts'
import { bulkActions, bulkReasons } from '../sql/schema/bulk.ts'

const maxKept = 100
/** An action may meet any number of reasons; what is beyond these is counted together. */
const maxReasons = 30
const otherReasons = 'Other reasons.'
const unended = ['waiting', 'working']

/** The ids may be megabytes: they are read only when they are needed. */
const { runIds, token: _, ...listed } = getTableColumns(bulkActions)
type Row = Omit<typeof bulkActions.$inferSelect, 'runIds' | 'token'>

function recordOf({ cursor, total, action, state, ...row }: Row): BulkRecord {
  return {
    ...row,
    action: action as BulkAction,
    state: state as BulkState,
    total: total ?? undefined,
    cursor: cursor ?? undefined,
  }
}

/** The tables `bulk_jobs` and `bulk_reasons`. Methods that write belong inside a transaction. */
export function createBulkTable({ db }: Pick<Store, 'db'>) {
  const byId = db
    .select(listed)
    .from(bulkActions)
    .where(eq(bulkActions.id, sql.placeholder('id')))
    .prepare()
  const idsOf = db
    .select({ runIds })
    .from(bulkActions)
    .where(eq(bulkActions.id, sql.placeholder('id')))
    .prepare()
  const byToken = db
    .select(listed)
    .from(bulkActions)
    .where(eq(bulkActions.token, sql.placeholder('token')))
    .prepare()
  const inTurn = db
    .select(listed)
    .from(bulkActions)
    .where(inArray(bulkActions.state, unended))
    .orderBy(asc(bulkActions.createdAt), asc(sql`rowid`))
    .prepare()
  const latest = db
    .select(listed)
    .from(bulkActions)
    .orderBy(desc(bulkActions.createdAt), desc(sql`rowid`))
    .limit(sql.placeholder('max'))
    .prepare()
  const reasons = db
    .select({ kind: bulkReasons.kind, reason: bulkReasons.reason, runs: bulkReasons.runs, runId: bulkReasons.runId })
    .from(bulkReasons)
    .where(eq(bulkReasons.bulkId, sql.placeholder('id')))
    .orderBy(desc(bulkReasons.runs))
    .prepare()
  const add = db.insert(bulkActions).values(placeholders(bulkActions)).prepare()
  const move = db.$client.prepare(
    `UPDATE bulk_jobs SET place = coalesce(@cursor, place), done = done + @done, left_out = left_out + @leftOut,
       failed = failed + @failed WHERE id = @id`,
  )
  const countReasons = db.$client
    .prepare<[string], number>('SELECT count(*) FROM bulk_reasons WHERE job_id = ?')
    .pluck()
  const hasReason = db.$client
    .prepare<[string, string, string], number>(
      'SELECT 1 FROM bulk_reasons WHERE job_id = ? AND kind = ? AND reason = ?',
    )
    .pluck()
  const addReason = db.$client.prepare(
    `INSERT INTO bulk_reasons (job_id, kind, reason, runs, run_id) VALUES (@id, @kind, @reason, 1, @runId)
     ON CONFLICT (job_id, kind, reason) DO UPDATE SET runs = runs + excluded.runs`,
  )
  const deleteOld = db.$client.prepare(
    `DELETE FROM bulk_jobs WHERE state IN ('done', 'stopped')
       AND id NOT IN (SELECT id FROM bulk_jobs ORDER BY created_at DESC, rowid DESC LIMIT ${maxKept})`,
  )
  const deleteReasons = db.$client.prepare('DELETE FROM bulk_reasons WHERE job_id NOT IN (SELECT id FROM bulk_jobs)')

  const get = (id: string): BulkRecord | undefined => {
    const row = byId.get({ id })
    return row && recordOf(row)
  }

  return {
    get,

    add({ runs, token, total, ...bulk }: NewBulk): BulkRecord {
      const earlier = byToken.get({ token })
      if (earlier) return recordOf(earlier)
      const isFilter = 'filter' in runs
      const nothing = { cursor: null, startedAt: null, endedAt: null, closedAt: null, done: 0, leftOut: 0, failed: 0 }
      const filter = isFilter ? runs.filter : null
      const row = { ...bulk, ...nothing, state: 'waiting', total: total ?? null, filter }
      add.run({ ...row, token, runIds: isFilter ? null : JSON.stringify(runs.runIds) })
      deleteOld.run()
      deleteReasons.run()
      return recordOf(row)
    },

    unended: (): BulkRecord[] => inTurn.all().map(recordOf),

    isUnended: (id: string): boolean => unended.includes(byId.get({ id })?.state ?? ''),

    latest: (max: number): BulkRecord[] => latest.all({ max }).map(recordOf),

    runIds: (id: string): string[] => JSON.parse(idsOf.get({ id })?.runIds ?? '[]'),

    reasons: (id: string): BulkReason[] =>
      reasons.all({ id }).map(({ kind, ...rest }) => ({ ...rest, kind: kind as BulkReason['kind'] })),

    set(id: string, change: Partial<Omit<typeof bulkActions.$inferSelect, 'id'>>): void {
      db.update(bulkActions).set(change).where(eq(bulkActions.id, id)).run()
    },

    move(id: string, { done, problems }: BulkProgress, cursor: number | undefined): void {
      const leftOut = problems.filter(({ kind }) => kind === 'left out').length
      move.run({ id, cursor: cursor ?? null, done, leftOut, failed: problems.length - leftOut })
      for (const { kind, reason, runId } of problems) {
        const isKnown = hasReason.get(id, kind, reason) !== undefined
        addReason.run({
          id,
          kind,
          runId,
          reason: isKnown || countReasons.get(id)! < maxReasons ? reason : otherReasons,
        })
      }
    },
  }
}
