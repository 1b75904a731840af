import { fromDatetime, toDatetime } from './datetime.ts'
import { customType, index, integer, primaryKey, real, sql, sqliteTable, text } from './drizzle.ts'

/** A prepared statement asks this about null too. */
const toDriver = (at: number | null) => (at === null ? null : toDatetime(at)) as string

const datetime = customType<{ data: number; driverData: string }>({
  dataType: () => 'DATETIME',
  toDriver,
  fromDriver: fromDatetime,
})
/** A moment in a table of ours, where a column's type need not make a number of what looks like one. */
const moment = customType<{ data: number; driverData: string }>({
  dataType: () => 'text',
  toDriver,
  fromDriver: fromDatetime,
})
const varchar = customType<{ data: string; config: { length: number }; configRequired: true }>({
  dataType: ({ length }) => `VARCHAR(${length})`,
})
/** Another program may have left anything in a column of numbers: what is no number counts as unknown. */
const known = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : null) as number
const float = customType<{ data: number }>({ dataType: () => 'FLOAT', fromDriver: known })
const whole = customType<{ data: number }>({ dataType: () => 'integer', fromDriver: known })
const seconds = customType<{ data: number }>({ dataType: () => 'real', fromDriver: known })

// The tables of the Python program: names, types and order are its own. Columns below "Ours" are nullable additions.

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
  /** The workflow's own name, from the agent's schema; workflow_name is the agent's id, by which Python filters. */
  agentWorkflow: varchar('agent_workflow', { length: 256 }),
  /** Where the run was sent, so that its job can be asked for even when the agent has moved or was removed. */
  agentUrl: text('agent_url'),
  jobId: text('job_id'),
  /** How often the run was handed to the agent; a change that belongs to an older attempt is ignored. */
  attempt: whole('attempt'),
  sentAt: datetime('sent_at'),
  /** How often the agent was asked for the job until it ended. */
  polls: whole('polls'),
  /** The run that this one repeats. */
  rerunOf: varchar('rerun_of', { length: 36 }),
  /** JSON list of {field, message}: what the agent said of single inputs when it refused them. */
  errorFields: text('error_fields'),
  /** JSON list of the inputs that were sent but are not kept: passwords. */
  withheld: text('withheld'),
  /** Which of input_schemas the form was made from. */
  schemaHash: text('schema_hash'),
})

export const agents = sqliteTable(
  'agents',
  {
    agentId: varchar('agent_id', { length: 255 }).primaryKey().notNull(),
    agentName: varchar('agent_name', { length: 256 }).notNull(),
    host: varchar('host', { length: 256 }).notNull(),
    port: whole('port').notNull(),
    lastHeartbeat: datetime('last_heartbeat').notNull(),
    ttlSeconds: whole('ttl_seconds').notNull(),
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
    checkIntervalSeconds: seconds('check_interval_seconds'),
    checkTimeoutSeconds: seconds('check_timeout_seconds'),
    /** What a person called an agent that registers itself, or said of it: that counts before what it says itself. */
    givenName: text('given_name'),
    givenDescription: text('given_description'),
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
  (table) => [index('ix_run_keys_created').on(table.createdAt), index('ix_run_keys_run').on(table.runId)],
)

/** Schemas of agents that runs were made with, each once. */
export const inputSchemas = sqliteTable('input_schemas', {
  hash: text('hash').primaryKey().notNull(),
  text: text('text').notNull(),
})

/**
 * What lists show of each run. Rows of workflow_runs are wide, and Python's; these are narrow, and follow them by
 * triggers that fire in Python's connection too (see triggers.ts).
 */
export const runIndex = sqliteTable(
  'run_index',
  {
    /** The order of every list: the start in milliseconds times 4096, plus a number that tells runs of one moment apart. */
    seq: integer('seq').primaryKey().notNull(),
    runId: text('run_id').notNull().unique('ux_run_index_run'),
    /** workflow_name: the agent's id, or the name of a workflow that the Python program carried out itself. */
    agent: text('agent').notNull(),
    agentId: text('agent_id'),
    /** agent_workflow, or else workflow_name. */
    workflow: text('workflow').notNull(),
    status: text('status').notNull(),
    startedAt: moment('started_at').notNull(),
    completedAt: moment('completed_at'),
    duration: real('duration'),
    tokens: integer('tokens'),
    cost: real('cost'),
    rerunOf: text('rerun_of'),
    /** The first 200 characters of error_message. */
    error: text('error'),
  },
  // Each of them goes on by seq: that is the rowid, which every index of SQLite ends with. Those of values lead all over
  // the table, so what most filters ask of a run stands in them too.
  (table) => [
    index('ix_run_index_agent').on(table.agent),
    index('ix_run_index_status').on(table.status),
    index('ix_run_index_agent_status').on(table.agent, table.status),
    index('ix_run_index_workflow').on(table.workflow),
    index('ix_run_index_duration').on(table.duration, table.seq, table.status, table.agent),
    index('ix_run_index_cost').on(table.cost, table.seq, table.status, table.agent),
    index('ix_run_index_tokens').on(table.tokens, table.seq, table.status, table.agent),
    index('ix_run_index_rerun_of').on(table.rerunOf).where(sql`${table.rerunOf} IS NOT NULL`),
    index('ix_run_index_agent_id').on(table.agentId).where(sql`${table.agentId} IS NOT NULL`),
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

/** What run_index adds up to, kept by triggers on it. A row without runs is removed. */
export const runHours = sqliteTable('run_hours', sums, (table) => [
  primaryKey({ columns: [table.at, table.agent, table.status] }),
])
export const runDays = sqliteTable('run_days', sums, (table) => [
  primaryKey({ columns: [table.at, table.agent, table.status] }),
])
/** The same day by day, whatever the agent. */
const { agent: _, ...totals } = sums
export const runTotals = sqliteTable('run_totals', totals, (table) => [
  primaryKey({ columns: [table.at, table.status] }),
])

/** Places in run_index whose text the table `run_search` (FTS5, by the same numbers) has yet to take in or to forget. */
export const runSearchQueue = sqliteTable('run_search_queue', { seq: integer('seq').primaryKey().notNull() })
/** Places of the runs that are too long for it: they are read by every search for words. */
export const runSearchLong = sqliteTable('run_search_long', { seq: integer('seq').primaryKey().notNull() })

/**
 * Which of execution_states are of a run: Python's table has no index by run, and making one would take a large file out
 * of use for a while. Follows it by triggers (see triggers.ts).
 */
export const runStates = sqliteTable(
  'run_states',
  { runId: text('run_id').notNull(), stateId: integer('state_id').notNull() },
  (table) => [primaryKey({ columns: [table.runId, table.stateId] })],
)

/** Runs that were removed before all of their execution states were known. Those are still to follow. */
export const removedRuns = sqliteTable('removed_runs', { runId: text('run_id').primaryKey().notNull() })

/** What is done to many runs at once, and how far it is. Times are milliseconds since 1970. */
export const bulkJobs = sqliteTable('bulk_jobs', {
  id: text('id').primaryKey().notNull(),
  /** Under one token there is one job, however often a form is sent. */
  token: text('token').notNull().unique('ux_bulk_jobs_token'),
  action: text('action').notNull(),
  state: text('state').notNull(),
  /** The runs: as the query of an address whose times are absolute, or a JSON list of ids. */
  filter: text('filter'),
  runIds: text('run_ids'),
  /** Null until they have been counted. */
  total: integer('total'),
  /** The last run that was dealt with: its place in run_index, or its number in the list. */
  place: integer('place'),
  done: integer('done').notNull(),
  leftOut: integer('left_out').notNull(),
  failed: integer('failed').notNull(),
  createdAt: integer('created_at').notNull(),
  startedAt: integer('started_at'),
  endedAt: integer('ended_at'),
  /** When a person had seen enough of it. */
  closedAt: integer('closed_at'),
})

/** Why runs of a bulk job were left out or failed, with one of them to look at. */
export const bulkReasons = sqliteTable(
  'bulk_reasons',
  {
    jobId: text('job_id').notNull(),
    kind: text('kind').notNull(),
    reason: text('reason').notNull(),
    runs: integer('runs').notNull(),
    runId: text('run_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.jobId, table.kind, table.reason] })],
)

/** What the dashboard has to remember about this file. */
export const dashboardState = sqliteTable('dashboard_state', {
  key: text('key').primaryKey().notNull(),
  value: text('value').notNull(),
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
