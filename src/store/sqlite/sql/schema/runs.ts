import { index, integer, real, sqliteTable, text } from '../drizzle.ts'
import { datetime, float, varchar, whole } from './columns.ts'

export const workflowRuns = sqliteTable('workflow_runs', {
  id: varchar('id', { length: 36 }).primaryKey().notNull(),
  workflowName: varchar('workflow_name', { length: 256 }).notNull(),
  status: varchar('status', { length: 32 }).notNull(),
  configSnapshot: text('config_snapshot'),
  inputs: text('inputs'),
  outputs: text('outputs'),
  errorMessage: text('error_message'),
  startedAt: datetime('started_at').notNull(),
  completedAt: datetime('completed_at'),
  durationSeconds: float('duration_seconds'),
  totalTokens: whole('total_tokens'),
  totalCostUsd: float('total_cost_usd'),
  bottleneckInfo: text('bottleneck_info'),
  // Ours
  agentId: varchar('agent_id', { length: 255 }),
  /** From the agent's schema; workflow_name is the agent's id, by which Python filters. */
  agentWorkflow: varchar('agent_workflow', { length: 256 }),
  /** Where the run was sent: the agent may have moved since. */
  agentUrl: text('agent_url'),
  jobId: text('job_id'),
  attempt: whole('attempt'),
  sentAt: datetime('sent_at'),
  polls: whole('polls'),
  rerunOf: varchar('rerun_of', { length: 36 }),
  /** JSON list of {field, message}. */
  errorFields: text('error_fields'),
  withheld: text('withheld'),
  schemaHash: text('schema_hash'),
  reportedAt: datetime('reported_at'),
  traceId: text('trace_id'),
  /** 0 where the caller does not record its trace. */
  traceSampled: integer('trace_sampled'),
  startedBy: text('started_by_name'),
  startedById: text('started_by_id'),
})

export const runEvents = sqliteTable(
  'run_events',
  {
    id: integer('id').primaryKey(),
    runId: varchar('run_id', { length: 36 }).notNull(),
    at: datetime('at').notNull(),
    kind: text('kind').notNull(),
    attempt: integer('attempt').notNull(),
  },
  (table) => [index('ix_run_events_run').on(table.runId)],
)

export const runExchanges = sqliteTable(
  'run_exchanges',
  {
    id: integer('id').primaryKey(),
    runId: varchar('run_id', { length: 36 }).notNull(),
    attempt: integer('attempt').notNull(),
    at: datetime('at').notNull(),
    method: text('method').notNull(),
    url: text('url').notNull(),
    durationMs: real('duration_ms').notNull(),
    requestHeaders: text('request_headers').notNull(),
    requestBody: text('request_body'),
    status: integer('status'),
    responseHeaders: text('response_headers'),
    responseBody: text('response_body'),
    failure: text('failure'),
  },
  (table) => [index('ix_run_exchanges_run').on(table.runId)],
)

/** Idempotency keys: tokens of forms, and Idempotency-Keys of scripts. */
export const runKeys = sqliteTable(
  'run_keys',
  {
    key: text('key').primaryKey().notNull(),
    runId: varchar('run_id', { length: 36 }).notNull(),
    inputsHash: text('inputs_hash').notNull(),
    createdAt: datetime('created_at').notNull(),
  },
  (table) => [index('ix_run_keys_created').on(table.createdAt), index('ix_run_keys_run').on(table.runId)],
)

/** Schemas of agents that runs were made with, each once. */
export const inputSchemas = sqliteTable('input_schemas', {
  hash: text('hash').primaryKey().notNull(),
  text: text('text').notNull(),
})
