import { fromDatetime, toDatetime } from './datetime.ts'
import { customType, index, integer, primaryKey, real, sqliteTable, text } from './drizzle.ts'

const datetime = customType<{ data: number; driverData: string }>({
  dataType: () => 'DATETIME',
  toDriver: toDatetime,
  fromDriver: fromDatetime,
})
const varchar = customType<{ data: string; config: { length: number }; configRequired: true }>({
  dataType: ({ length }) => `VARCHAR(${length})`,
})
const float = customType<{ data: number }>({ dataType: () => 'FLOAT' })

// The tables of the Python program: names, types and order are its own. Columns below "Ours" are nullable additions.

export const workflowRuns = sqliteTable(
  'workflow_runs',
  {
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
    totalTokens: integer('total_tokens'),
    totalCostUsd: float('total_cost_usd'),
    bottleneckInfo: text('bottleneck_info'),
    // Ours
    agentId: varchar('agent_id', { length: 255 }),
    /** The workflow's own name, from the agent's schema; workflow_name is the agent's id, by which Python filters. */
    agentWorkflow: varchar('agent_workflow', { length: 256 }),
    /** Where the run was sent, so that its job can be asked for even when the agent has moved or was removed. */
    agentUrl: text('agent_url'),
    jobId: text('job_id'),
    /** How often the run was handed to the agent; a change that belongs to an older attempt is ignored. */
    attempt: integer('attempt'),
    sentAt: datetime('sent_at'),
    /** How often the agent was asked for the job until it ended. */
    polls: integer('polls'),
    /** The run that this one repeats. */
    rerunOf: varchar('rerun_of', { length: 36 }),
    /** JSON list of {field, message}: what the agent said of single inputs when it refused them. */
    errorFields: text('error_fields'),
    /** JSON list of the inputs that were sent but are not kept: passwords. */
    withheld: text('withheld'),
    /** Which of input_schemas the form was made from. */
    schemaHash: text('schema_hash'),
  },
  (table) => [
    index('ix_workflow_runs_started').on(table.startedAt, table.id),
    index('ix_workflow_runs_status').on(table.status, table.startedAt, table.id),
    index('ix_workflow_runs_workflow').on(table.workflowName, table.startedAt, table.id),
    index('ix_workflow_runs_workflow_status').on(table.workflowName, table.status, table.startedAt, table.id),
    index('ix_workflow_runs_agent').on(table.agentId, table.startedAt, table.id),
    index('ix_workflow_runs_rerun_of').on(table.rerunOf),
  ],
)

export const agents = sqliteTable(
  'agents',
  {
    agentId: varchar('agent_id', { length: 255 }).primaryKey().notNull(),
    agentName: varchar('agent_name', { length: 256 }).notNull(),
    host: varchar('host', { length: 256 }).notNull(),
    port: integer('port').notNull(),
    lastHeartbeat: datetime('last_heartbeat').notNull(),
    ttlSeconds: integer('ttl_seconds').notNull(),
    agentMetadata: varchar('agent_metadata', { length: 4000 }),
    registeredAt: datetime('registered_at').notNull(),
    // Ours
    /** Scheme, host, port and path prefix. Counts as long as it agrees with host and port, which Python may change. */
    baseUrl: text('base_url'),
    /** The agent's last good answer to GET /schema, as it was. */
    lastSchema: text('last_schema'),
    /** Who entered the agent: `hand`, a person or script, or `self`, the agent. Null where the Python program did. */
    registeredBy: text('registered_by', { enum: ['hand', 'self'] }),
    /** Since when a person wants it left alone. */
    pausedAt: datetime('paused_at'),
    /** How this agent is checked; null as all others are. */
    checkIntervalSeconds: real('check_interval_seconds'),
    checkTimeoutSeconds: real('check_timeout_seconds'),
  },
  (table) => [index('ix_agents_last_heartbeat').on(table.lastHeartbeat)],
)

export const executionStates = sqliteTable('execution_states', {
  id: integer('id').primaryKey().notNull(),
  runId: varchar('run_id', { length: 36 })
    .notNull()
    .references(() => workflowRuns.id),
  nodeId: varchar('node_id', { length: 128 }).notNull(),
  stateData: text('state_data').notNull(),
  createdAt: datetime('created_at').notNull(),
})

// The tables from here on are ours alone.

/** What happened to a run, in order. */
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

/** What was sent to an agent for a run and what came back; bodies only in their beginning. */
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
    /** Null when no answer came; then `failure` says why. */
    status: integer('status'),
    responseHeaders: text('response_headers'),
    responseBody: text('response_body'),
    failure: text('failure'),
  },
  (table) => [index('ix_run_exchanges_run').on(table.runId)],
)

/** Each health check of the last day. Times here and in the two tables below are milliseconds since 1970. */
export const healthChecks = sqliteTable(
  'health_checks',
  {
    agentId: varchar('agent_id', { length: 255 }).notNull(),
    at: integer('at').notNull(),
    outcome: text('outcome', { enum: ['up', 'degraded', 'busy', 'down'] }).notNull(),
    /** Null when no answer came. */
    latencyMs: real('latency_ms'),
    reason: text('reason'),
  },
  (table) => [primaryKey({ columns: [table.agentId, table.at] })],
)

/** The checks of an agent within a minute, an hour or a day (`span`, in seconds) that began at `at`. */
export const healthRollups = sqliteTable(
  'health_rollups',
  {
    agentId: varchar('agent_id', { length: 255 }).notNull(),
    span: integer('span').notNull(),
    at: integer('at').notNull(),
    up: integer('up').notNull(),
    down: integer('down').notNull(),
    /** Of the checks that were answered; their number is `answered`. */
    answered: integer('answered').notNull(),
    latencySum: real('latency_sum').notNull(),
    latencyMin: real('latency_min'),
    latencyMax: real('latency_max'),
  },
  (table) => [primaryKey({ columns: [table.agentId, table.span, table.at] })],
)

/** When an agent was down, from the first check that failed to the first that was good again. */
export const healthIncidents = sqliteTable(
  'health_incidents',
  {
    id: integer('id').primaryKey(),
    agentId: varchar('agent_id', { length: 255 }).notNull(),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at'),
    reason: text('reason').notNull(),
  },
  (table) => [index('ix_health_incidents_agent').on(table.agentId, table.startedAt)],
)

/** One-shot tokens of forms and Idempotency-Keys of scripts, with the run that each led to. */
export const runKeys = sqliteTable(
  'run_keys',
  {
    key: text('key').primaryKey().notNull(),
    runId: varchar('run_id', { length: 36 }).notNull(),
    inputsHash: text('inputs_hash').notNull(),
    createdAt: datetime('created_at').notNull(),
  },
  (table) => [index('ix_run_keys_created').on(table.createdAt)],
)

/** Schemas of agents that runs were made with, each once. */
export const inputSchemas = sqliteTable('input_schemas', {
  hash: text('hash').primaryKey().notNull(),
  text: text('text').notNull(),
})

/** Not used by us: the Python program fails to create it when the other tables are there already. */
export const sessionState = sqliteTable('session_state', {
  id: varchar('id', { length: 36 }).primaryKey().notNull(),
  sessionStart: datetime('session_start').notNull(),
  dirtyShutdown: integer('dirty_shutdown').notNull(),
  activeWorkflows: text('active_workflows'),
  sessionData: text('session_data'),
  lastUpdated: datetime('last_updated').notNull(),
})
