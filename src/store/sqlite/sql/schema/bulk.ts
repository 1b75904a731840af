import { integer, primaryKey, sqliteTable, text } from '../drizzle.ts'

export const bulkActions = sqliteTable('bulk_jobs', {
  id: text('id').primaryKey().notNull(),
  token: text('token').notNull().unique('ux_bulk_jobs_token'),
  action: text('action').notNull(),
  state: text('state').notNull(),
  /** The runs: as the query of an address whose times are absolute, or a JSON list of ids. */
  filter: text('filter'),
  runIds: text('run_ids'),
  total: integer('total'),
  /** Of the last run that was dealt with: its seq in run_index, or its number in the list. */
  cursor: integer('place'),
  done: integer('done').notNull(),
  leftOut: integer('left_out').notNull(),
  failed: integer('failed').notNull(),
  startedBy: text('started_by'),
  stopReason: text('stop_reason'),
  createdAt: integer('created_at').notNull(),
  startedAt: integer('started_at'),
  endedAt: integer('ended_at'),
  closedAt: integer('closed_at'),
})

export const bulkReasons = sqliteTable(
  'bulk_reasons',
  {
    bulkId: text('job_id').notNull(),
    kind: text('kind').notNull(),
    reason: text('reason').notNull(),
    runs: integer('runs').notNull(),
    runId: text('run_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.bulkId, table.kind, table.reason] })],
)
