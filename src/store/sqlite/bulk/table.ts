import type { BulkAction, BulkProgress, BulkRecord, BulkState, NewBulk } from '../../ports/bulk.ts'
import type { Store } from '../file/open.ts'
import { asc, desc, eq, getTableColumns, inArray, sql } from '../sql/drizzle.ts'
import { placeholders } from '../sql/placeholders.ts'
import { bulkActions } from '../sql/schema/bulk.ts'
import { createBulkReasons } from './reasons.ts'

const maxKept = 100
const unended = ['waiting', 'working']

/** The ids may be megabytes: they are read only when they are needed. */
const { runIds, token: _, ...listed } = getTableColumns(bulkActions)
type Row = Omit<typeof bulkActions.$inferSelect, 'runIds' | 'token'>

/** Methods that write belong inside a transaction. */
export function createBulkTable({ db }: Pick<Store, 'db'>) {
  const { byId, idsOf, byToken, inTurn, latest } = prepareReads(db)
  const reasons = createBulkReasons(db)
  const add = db.insert(bulkActions).values(placeholders(bulkActions)).prepare()
  const move = db.$client.prepare(
    `UPDATE bulk_jobs SET place = coalesce(@cursor, place), done = done + @done, left_out = left_out + @leftOut,
       failed = failed + @failed WHERE id = @id`,
  )
  const deleteOld = db.$client.prepare(
    `DELETE FROM bulk_jobs WHERE state IN ('done', 'stopped')
       AND id NOT IN (SELECT id FROM bulk_jobs ORDER BY created_at DESC, rowid DESC LIMIT ${maxKept})`,
  )

  return {
    get(id: string): BulkRecord | undefined {
      const row = byId.get({ id })
      return row && recordOf(row)
    },

    add({ runs, token, total, startedBy: by, ...bulk }: NewBulk): BulkRecord {
      const earlier = byToken.get({ token })
      if (earlier) return recordOf(earlier)
      const isFilter = 'filter' in runs
      const nothing = { cursor: null, startedAt: null, endedAt: null, closedAt: null, done: 0, leftOut: 0, failed: 0 }
      const filter = isFilter ? runs.filter : null
      const startedBy = JSON.stringify(by)
      const row = { ...bulk, ...nothing, startedBy, stopReason: null, state: 'waiting', total: total ?? null, filter }
      add.run({ ...row, token, runIds: isFilter ? null : JSON.stringify(runs.runIds) })
      deleteOld.run()
      reasons.deleteOrphans()
      return recordOf(row)
    },

    unended: (): BulkRecord[] => inTurn.all().map(recordOf),

    isUnended: (id: string): boolean => unended.includes(byId.get({ id })?.state ?? ''),

    latest: (max: number): BulkRecord[] => latest.all({ max }).map(recordOf),

    runIds: (id: string): string[] => JSON.parse(idsOf.get({ id })?.runIds ?? '[]'),

    reasons: reasons.of,

    set(id: string, change: Partial<Omit<typeof bulkActions.$inferSelect, 'id'>>): void {
      db.update(bulkActions).set(change).where(eq(bulkActions.id, id)).run()
    },

    move(id: string, { done, problems }: BulkProgress, cursor: number | undefined): void {
      const leftOut = problems.filter(({ kind }) => kind === 'left out').length
      move.run({ id, cursor: cursor ?? null, done, leftOut, failed: problems.length - leftOut })
      reasons.add(id, problems)
    },
  }
}

function prepareReads(db: Store['db']) {
  const isIt = eq(bulkActions.id, sql.placeholder('id'))
  return {
    byId: db.select(listed).from(bulkActions).where(isIt).prepare(),
    idsOf: db.select({ runIds }).from(bulkActions).where(isIt).prepare(),
    byToken: db
      .select(listed)
      .from(bulkActions)
      .where(eq(bulkActions.token, sql.placeholder('token')))
      .prepare(),
    inTurn: db
      .select(listed)
      .from(bulkActions)
      .where(inArray(bulkActions.state, unended))
      .orderBy(asc(bulkActions.createdAt), asc(sql`rowid`))
      .prepare(),
    latest: db
      .select(listed)
      .from(bulkActions)
      .orderBy(desc(bulkActions.createdAt), desc(sql`rowid`))
      .limit(sql.placeholder('max'))
      .prepare(),
  }
}

function recordOf({ total, cursor, action, state, startedBy, ...row }: Row): BulkRecord {
  return {
    ...row,
    action: action as BulkAction,
    state: state as BulkState,
    total: total ?? undefined,
    cursor: cursor ?? undefined,
    startedBy: startedBy === null ? null : JSON.parse(startedBy),
  }
}
