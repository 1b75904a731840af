import { index, integer, primaryKey, real, sql, sqliteTable, text } from '../drizzle.ts'
import { moment } from './columns.ts'

/** What lists show of each run: narrow rows that follow workflow_runs by triggers, in Python's connection too. */
export const runIndex = sqliteTable(
  'run_index',
  {
    /** The start in milliseconds times 4096, plus a number that tells runs of one moment apart. */
    seq: integer('seq').primaryKey().notNull(),
    runId: text('run_id').notNull().unique('ux_run_index_run'),
    /** workflow_name: the agent's id, or that of a workflow that Python ran locally. */
    agent: text('agent').notNull(),
    agentId: text('agent_id'),
    workflow: text('workflow').notNull(),
    status: text('status').notNull(),
    startedAt: moment('started_at').notNull(),
    completedAt: moment('completed_at'),
    duration: real('duration'),
    tokens: integer('tokens'),
    cost: real('cost'),
    rerunOf: text('rerun_of'),
    error: text('error'),
    /** 1 where a program reported the run, else null. */
    reported: integer('reported'),
    startedBy: text('started_by'),
  },
  // Every index ends with the rowid, which is seq. Those of values also hold what most filters ask, as their rows lie all
  // over the table.
  (table) => [
    index('ix_run_index_agent').on(table.agent),
    index('ix_run_index_status').on(table.status),
    index('ix_run_index_agent_status').on(table.agent, table.status),
    index('ix_run_index_agent_workflow').on(table.agent, table.workflow),
    index('ix_run_index_workflow').on(table.workflow),
    index('ix_run_index_duration').on(table.duration, table.seq, table.status, table.agent),
    index('ix_run_index_cost').on(table.cost, table.seq, table.status, table.agent),
    index('ix_run_index_tokens').on(table.tokens, table.seq, table.status, table.agent),
    index('ix_run_index_rerun_of').on(table.rerunOf).where(sql`${table.rerunOf} IS NOT NULL`),
    index('ix_run_index_agent_id').on(table.agentId).where(sql`${table.agentId} IS NOT NULL`),
    index('ix_run_index_started_by').on(table.startedBy).where(sql`${table.startedBy} IS NOT NULL`),
    index('ix_run_index_local').on(table.agent).where(sql`${table.agentId} IS NULL`),
  ],
)

const sums = {
  /** Number of the hour, or of the day, since 1970. */
  at: integer('at').notNull(),
  agent: text('agent').notNull(),
  status: text('status').notNull(),
  runs: integer('runs').notNull(),
  /** Of the `timed` runs whose duration is known. */
  duration: real('duration').notNull(),
  timed: integer('timed').notNull(),
  tokens: integer('tokens').notNull(),
  cost: real('cost').notNull(),
}
const { agent: _, ...totals } = sums

/** What run_index adds up to, kept by triggers on it. A row without runs is removed. */
export const runHours = sqliteTable('run_hours', sums, (table) => [
  primaryKey({ columns: [table.at, table.agent, table.status] }),
])
export const runDays = sqliteTable('run_days', sums, (table) => [
  primaryKey({ columns: [table.at, table.agent, table.status] }),
])
export const runTotals = sqliteTable('run_totals', totals, (table) => [
  primaryKey({ columns: [table.at, table.status] }),
])

/** What a run of run_index was given, as one line. A run without inputs has no row. */
export const runInputLines = sqliteTable('run_input_lines', {
  seq: integer('seq').primaryKey().notNull(),
  line: text('line').notNull(),
})

/** Rows of run_index whose text run_search (FTS5) has yet to take in or to delete. */
export const runSearchQueue = sqliteTable('run_search_queue', { seq: integer('seq').primaryKey().notNull() })
/** Runs whose text is too long for run_search: every search for words reads them. */
export const runSearchLong = sqliteTable('run_search_long', { seq: integer('seq').primaryKey().notNull() })
