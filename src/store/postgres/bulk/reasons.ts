import { createHash } from 'node:crypto'
import type { BulkProblem, BulkReason } from '../../ports/bulk.ts'
import type { Session } from '../database/session.ts'
import { desc, eq, sql } from '../sql/drizzle.ts'
import { bulkReasons } from '../sql/schema/bulk.ts'

const maxReasons = 30
const otherReasons = 'Other reasons.'

export function reasonsOf({ db }: Session, bulkId: string): Promise<BulkReason[]> {
  const { kind, reason, runs, runId } = bulkReasons
  return db
    .select({ kind, reason, runs, runId })
    .from(bulkReasons)
    .where(eq(bulkReasons.bulkId, bulkId))
    .orderBy(desc(runs))
}

/** Belongs where nobody else changes the action. */
export async function addReasons({ db }: Session, bulkId: string, problems: BulkProblem[]): Promise<void> {
  if (problems.length === 0) return
  const { kind, digest } = bulkReasons
  const known = await db.select({ kind, digest }).from(bulkReasons).where(eq(bulkReasons.bulkId, bulkId))
  const kept = new Set(known.map(keyOf))
  const added = new Map<string, typeof bulkReasons.$inferInsert>()
  for (const problem of problems) {
    const isKept = kept.has(keyOf(rowOf(bulkId, problem))) || kept.size < maxReasons
    const row = rowOf(bulkId, isKept ? problem : { ...problem, reason: otherReasons })
    const key = keyOf(row)
    kept.add(key)
    const before = added.get(key)
    added.set(key, before ? { ...before, runs: before.runs + 1 } : row)
  }
  await db
    .insert(bulkReasons)
    .values([...added.values()])
    .onConflictDoUpdate({
      target: [bulkReasons.bulkId, bulkReasons.kind, bulkReasons.digest],
      set: { runs: sql`${bulkReasons.runs} + excluded.runs` },
    })
}

const keyOf = ({ kind, digest }: { kind: string; digest: string }) => `${kind} ${digest}`

export const digestOf = (reason: string) => createHash('sha256').update(reason).digest('hex')

function rowOf(bulkId: string, { kind, reason, runId }: BulkProblem) {
  return { bulkId, kind, digest: digestOf(reason), reason, runId, runs: 1 }
}
