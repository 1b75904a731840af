import type { BulkAction, BulkProblem, BulkState } from '../../../ports/bulk.ts'
import { integer, pgTable, primaryKey, text } from '../drizzle.ts'
import { list, moment, name, number } from './columns.ts'

export const bulkActions = pgTable('bulk_actions', {
  id: name('id').primaryKey(),
  number: number('number').notNull(),
  token: name('token').notNull().unique('bulk_actions_token'),
  action: name('action').$type<BulkAction>().notNull(),
  state: name('state').$type<BulkState>().notNull(),
  /** The runs: as the query of an address whose times are absolute, or their ids. */
  filter: text('filter'),
  runIds: list('run_ids'),
  startedBy: text('started_by'),
  stopReason: text('stop_reason'),
  total: integer('total'),
  /** Of the last run that was dealt with: its seq, or its number in the list. */
  cursor: moment('place'),
  done: integer('done').notNull(),
  leftOut: integer('left_out').notNull(),
  failed: integer('failed').notNull(),
  createdAt: moment('created_at').notNull(),
  startedAt: moment('started_at'),
  endedAt: moment('ended_at'),
  closedAt: moment('closed_at'),
})

export const bulkReasons = pgTable(
  'bulk_reasons',
  {
    bulkId: name('bulk_id').notNull(),
    kind: name('kind').$type<BulkProblem['kind']>().notNull(),
    /** SHA-256 of the reason, which may be too long for an index. */
    digest: name('digest').notNull(),
    reason: text('reason').notNull(),
    runs: integer('runs').notNull(),
    runId: name('run_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.bulkId, table.kind, table.digest] })],
)
