import type { Store } from '../file/open.ts'
import { asc, desc, eq, inArray, sql } from '../sql/drizzle.ts'
import { placeholders } from '../sql/placeholders.ts'
import { bulkJobs, bulkReasons } from '../sql/schema.ts'

export type BulkJobRow = typeof bulkJobs.$inferSelect
export type BulkJobState = 'waiting' | 'working' | 'done' | 'stopped'
export type NewBulkJob = Pick<BulkJobRow, 'id' | 'token' | 'action' | 'filter' | 'runIds' | 'total' | 'createdAt'>
export type BulkReasonRow = Omit<typeof bulkReasons.$inferSelect, 'jobId'>

/** How a job has gone on: how many more runs were dealt with in which way, and which was the last. */
export type BulkStep = { place: number | undefined; done: number; leftOut: number; failed: number }

const mostKept = 100
/** A job may meet any number of reasons; what is beyond these is counted together. */
const mostReasons = 30
const otherReasons = 'Other reasons.'
const unended = ['waiting', 'working']

/** The tables `bulk_jobs` and `bulk_reasons`. Methods that write belong inside a transaction. */
export function createBulkJobTable({ db }: Pick<Store, 'db'>) {
  const byId = db
    .select()
    .from(bulkJobs)
    .where(eq(bulkJobs.id, sql.placeholder('id')))
    .prepare()
  const byToken = db
    .select()
    .from(bulkJobs)
    .where(eq(bulkJobs.token, sql.placeholder('token')))
    .prepare()
  const add = db.insert(bulkJobs).values(placeholders(bulkJobs)).prepare()
  const step = db.$client.prepare(
    `UPDATE bulk_jobs SET place = coalesce(@place, place), done = done + @done, left_out = left_out + @leftOut,
       failed = failed + @failed WHERE id = @id`,
  )
  const reasons = db.$client.prepare<[string], number>('SELECT count(*) FROM bulk_reasons WHERE job_id = ?').pluck()
  const hasReason = db.$client
    .prepare<[string, string, string], number>(
      'SELECT 1 FROM bulk_reasons WHERE job_id = ? AND kind = ? AND reason = ?',
    )
    .pluck()
  const addReason = db.$client.prepare(
    `INSERT INTO bulk_reasons (job_id, kind, reason, runs, run_id) VALUES (@jobId, @kind, @reason, @runs, @runId)
     ON CONFLICT (job_id, kind, reason) DO UPDATE SET runs = runs + excluded.runs`,
  )

  const forgetOld = db.$client.prepare(
    `DELETE FROM bulk_jobs WHERE state IN ('done', 'stopped')
       AND id NOT IN (SELECT id FROM bulk_jobs ORDER BY created_at DESC, rowid DESC LIMIT ${mostKept})`,
  )
  const forgetReasons = db.$client.prepare('DELETE FROM bulk_reasons WHERE job_id NOT IN (SELECT id FROM bulk_jobs)')

  return {
    get: (id: string): BulkJobRow | undefined => byId.get({ id }),

    /** The job that is there under this token after all: a new one, or the one that was. */
    add(job: NewBulkJob): BulkJobRow {
      const earlier = byToken.get({ token: job.token })
      if (earlier) return earlier
      const nothing = { place: null, startedAt: null, endedAt: null, closedAt: null }
      const row: BulkJobRow = { ...job, ...nothing, state: 'waiting', done: 0, leftOut: 0, failed: 0 }
      add.run(row)
      forgetOld.run()
      forgetReasons.run()
      return row
    },

    set(id: string, change: Partial<Omit<BulkJobRow, 'id'>>): void {
      db.update(bulkJobs).set(change).where(eq(bulkJobs.id, id)).run()
    },

    step(id: string, { place, ...counts }: BulkStep): void {
      step.run({ id, place: place ?? null, ...counts })
    },

    addReason(jobId: string, row: BulkReasonRow): void {
      const isKnown = hasReason.get(jobId, row.kind, row.reason) !== undefined
      const reason = isKnown || reasons.get(jobId)! < mostReasons ? row.reason : otherReasons
      addReason.run({ ...row, jobId, reason })
    },

    /** Why runs were left out or failed, the most frequent first. */
    reasons: (jobId: string): BulkReasonRow[] =>
      db
        .select({
          kind: bulkReasons.kind,
          reason: bulkReasons.reason,
          runs: bulkReasons.runs,
          runId: bulkReasons.runId,
        })
        .from(bulkReasons)
        .where(eq(bulkReasons.jobId, jobId))
        .orderBy(desc(bulkReasons.runs))
        .all(),

    /** Jobs that have not ended, in the order in which they have their turn. */
    unended: (): BulkJobRow[] =>
      db
        .select()
        .from(bulkJobs)
        .where(inArray(bulkJobs.state, unended))
        .orderBy(asc(bulkJobs.createdAt), asc(sql`rowid`))
        .all(),

    /** The latest jobs, newest first. */
    latest: (most: number): BulkJobRow[] =>
      db.select().from(bulkJobs).orderBy(desc(bulkJobs.createdAt), desc(sql`rowid`)).limit(most).all(),
  }
}
