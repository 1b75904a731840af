import type { BulkProblem, BulkReason } from '../../ports/bulk.ts'
import type { Store } from '../file/open.ts'
import { desc, eq, sql } from '../sql/drizzle.ts'
import { bulkReasons } from '../sql/schema/bulk.ts'

const maxReasons = 30
const otherReasons = 'Other reasons.'

export function createBulkReasons(db: Store['db']) {
  const { kind, reason, runs, runId } = bulkReasons
  const reasons = db
    .select({ kind, reason, runs, runId })
    .from(bulkReasons)
    .where(eq(bulkReasons.bulkId, sql.placeholder('id')))
    .orderBy(desc(runs))
    .prepare()
  const count = db.$client.prepare<[string], number>('SELECT count(*) FROM bulk_reasons WHERE job_id = ?').pluck()
  const has = db.$client
    .prepare<[string, string, string], number>(
      'SELECT 1 FROM bulk_reasons WHERE job_id = ? AND kind = ? AND reason = ?',
    )
    .pluck()
  const add = db.$client.prepare(
    `INSERT INTO bulk_reasons (job_id, kind, reason, runs, run_id) VALUES (@id, @kind, @reason, 1, @runId)
     ON CONFLICT (job_id, kind, reason) DO UPDATE SET runs = runs + excluded.runs`,
  )
  const deleteOrphans = db.$client.prepare('DELETE FROM bulk_reasons WHERE job_id NOT IN (SELECT id FROM bulk_jobs)')

  return {
    of: (id: string): BulkReason[] =>
      reasons.all({ id }).map(({ kind, ...rest }) => ({ ...rest, kind: kind as BulkReason['kind'] })),

    add(id: string, problems: BulkProblem[]): void {
      for (const { kind, reason, runId } of problems) {
        const isKept = has.get(id, kind, reason) !== undefined || count.get(id)! < maxReasons
        add.run({ id, kind, runId, reason: isKept ? reason : otherReasons })
      }
    },

    deleteOrphans: (): void => void deleteOrphans.run(),
  }
}
