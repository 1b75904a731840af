import type { BulkProgress, BulkRecord, NewBulk } from '../../ports/bulk.ts'
import type { Session } from '../database/session.ts'
import { takeTurn } from '../database/turns.ts'
import { asc, desc, eq, getTableColumns, inArray, sql } from '../sql/drizzle.ts'
import { bulkActions as actions } from '../sql/schema/bulk.ts'
import { addReasons } from './reasons.ts'

const maxKept = 100
const unended: BulkRecord['state'][] = ['waiting', 'working']

/** The ids may be megabytes: they are read only when they are needed. */
const { runIds, token: _, number, ...listed } = getTableColumns(actions)
type Row = Omit<typeof actions.$inferSelect, 'runIds' | 'token' | 'number'>

const select = ({ db }: Session) => db.select(listed).from(actions)

export async function getAction(session: Session, id: string): Promise<BulkRecord | undefined> {
  const [row] = await select(session).where(eq(actions.id, id))
  return row && recordOf(row)
}

/** Until the transaction ends, nobody else changes the action. Undefined where it has ended, or there is none. */
export async function lockUnended(session: Session, id: string): Promise<BulkRecord | undefined> {
  const [row] = await select(session).where(eq(actions.id, id)).for('update')
  return row && unended.includes(row.state) ? recordOf(row) : undefined
}

export async function addAction(session: Session, bulk: NewBulk): Promise<BulkRecord> {
  const { runs, token, total, startedBy, ...rest } = bulk
  await takeTurn(session, 'bulk')
  const [earlier] = await select(session).where(eq(actions.token, token))
  if (earlier) return recordOf(earlier)
  const isFilter = 'filter' in runs
  const [added] = await session.db
    .insert(actions)
    .values({
      ...{ ...rest, token, total: total ?? null, state: 'waiting', done: 0, leftOut: 0, failed: 0 },
      filter: isFilter ? runs.filter : null,
      runIds: isFilter ? null : runs.runIds,
      startedBy: JSON.stringify(startedBy),
    })
    .returning(listed)
  await session.run(sql`
    DELETE FROM ${actions} WHERE state IN ('done', 'stopped')
      AND id NOT IN (SELECT id FROM ${actions} ORDER BY created_at DESC, number DESC LIMIT ${maxKept})`)
  await session.run(sql`DELETE FROM bulk_reasons WHERE bulk_id NOT IN (SELECT id FROM ${actions})`)
  return recordOf(added!)
}

export async function unendedActions(session: Session): Promise<BulkRecord[]> {
  const rows = await select(session).where(inArray(actions.state, unended)).orderBy(asc(actions.createdAt), asc(number))
  return rows.map(recordOf)
}

export async function latestActions(session: Session, max: number): Promise<BulkRecord[]> {
  const rows = await select(session).orderBy(desc(actions.createdAt), desc(number)).limit(max)
  return rows.map(recordOf)
}

export async function runIdsOf({ db }: Session, id: string): Promise<string[]> {
  const [row] = await db.select({ runIds }).from(actions).where(eq(actions.id, id))
  return row?.runIds ?? []
}

export async function setAction({ db }: Session, id: string, change: Partial<Row>): Promise<void> {
  await db.update(actions).set(change).where(eq(actions.id, id))
}

export async function moveAction(
  session: Session,
  id: string,
  { done, problems }: BulkProgress,
  cursor: number | undefined,
): Promise<void> {
  const leftOut = problems.filter(({ kind }) => kind === 'left out').length
  await session.db
    .update(actions)
    .set({
      ...(cursor !== undefined && { cursor }),
      done: sql`${actions.done} + ${done}`,
      leftOut: sql`${actions.leftOut} + ${leftOut}`,
      failed: sql`${actions.failed} + ${problems.length - leftOut}`,
    })
    .where(eq(actions.id, id))
  await addReasons(session, id, problems)
}

function recordOf({ total, cursor, startedBy, ...row }: Row): BulkRecord {
  return {
    ...row,
    total: total ?? undefined,
    cursor: cursor ?? undefined,
    startedBy: startedBy === null ? null : JSON.parse(startedBy),
  }
}
