import { integer, primaryKey, sqliteTable, text } from '../drizzle.ts'
import { datetime, varchar } from './columns.ts'
import { workflowRuns } from './runs.ts'

export const executionStates = sqliteTable('execution_states', {
  id: integer('id').primaryKey().notNull(),
  runId: varchar('run_id', { length: 36 })
    .notNull()
    .references(() => workflowRuns.id),
  nodeId: varchar('node_id', { length: 128 }).notNull(),
  stateData: text('state_data').notNull(),
  createdAt: datetime('created_at').notNull(),
})

/** Python's table has no index by run, and making one would block a large file. */
export const runStates = sqliteTable(
  'run_states',
  { runId: text('run_id').notNull(), stateId: integer('state_id').notNull() },
  (table) => [primaryKey({ columns: [table.runId, table.stateId] })],
)

/** Runs that were deleted before all of their execution states were known: those are still to be deleted. */
export const removedRuns = sqliteTable('removed_runs', { runId: text('run_id').primaryKey().notNull() })
