import type { RunEventKind } from '../../../ports/runs.ts'
import { boolean, doublePrecision, index, integer, pgTable, sql, text } from '../drizzle.ts'
import { moment, name, number } from './columns.ts'

/** What lists show of each run, and what moves it on: narrow rows. Names are of 255 characters at most; what is longer
 * stands in run_texts as a whole. */
export const runs = pgTable(
  'runs',
  {
    /** The start in milliseconds times 4096, plus a number that tells runs of one moment apart. */
    seq: moment('seq').primaryKey(),
    id: name('id').notNull().unique('runs_id'),
    agent: name('agent').notNull(),
    agentId: name('agent_id'),
    workflow: name('workflow').notNull(),
    status: name('status').notNull(),
    /** Null where nobody could read it. */
    startedAt: moment('started_at'),
    completedAt: moment('completed_at'),
    // Numbers that are too large to add up count as unknown.
    duration: doublePrecision('duration'),
    tokens: doublePrecision('tokens'),
    cost: doublePrecision('cost'),
    rerunOf: name('rerun_of'),
    startedBy: name('started_by'),
    error: text('error'),
    inputLine: text('input_line'),
    /** When its program last told of it; null of runs that it did not report. */
    reportedAt: moment('reported_at'),
    attempt: integer('attempt').notNull(),
    sentAt: moment('sent_at'),
    agentUrl: text('agent_url'),
    jobId: text('job_id'),
    polls: integer('polls'),
    /** The dashboard that carries it out, or did. */
    owner: name('owner'),
    holdsSlot: boolean('holds_slot').notNull().default(false),
  },
  ({
    seq,
    agent,
    agentId,
    workflow,
    status,
    duration,
    tokens,
    cost,
    rerunOf,
    startedBy,
    owner,
    holdsSlot,
    reportedAt,
  }) => [
    index('runs_agent').on(agent, seq),
    index('runs_status').on(status, seq),
    index('runs_agent_status').on(agent, status, seq),
    index('runs_agent_workflow').on(agent, workflow),
    // With the status, so that a count by status reads no rows.
    index('runs_workflow_status').on(workflow, seq, status),
    index('runs_agent_id').on(agentId, agent),
    index('runs_duration').on(duration, seq).where(sql`${duration} IS NOT NULL`),
    index('runs_tokens').on(tokens, seq).where(sql`${tokens} IS NOT NULL`),
    index('runs_cost').on(cost, seq).where(sql`${cost} IS NOT NULL`),
    index('runs_rerun_of').on(rerunOf).where(sql`${rerunOf} IS NOT NULL`),
    index('runs_started_by').on(startedBy, seq).where(sql`${startedBy} IS NOT NULL`),
    index('runs_owner').on(owner).where(sql`${status} IN ('pending', 'running')`),
    index('runs_slots').on(agentId).where(sql`${holdsSlot}`),
    index('runs_waiting')
      .on(agentId, seq)
      .where(sql`${status} = 'pending' AND NOT ${holdsSlot} AND ${reportedAt} IS NULL`),
  ],
)

/** What is read of one run at a time. */
export const runTexts = pgTable(
  'run_texts',
  {
    runId: name('run_id').primaryKey(),
    agent: text('agent'),
    workflow: text('workflow'),
    status: text('status'),
    startedBy: text('started_by'),
    startedById: text('started_by_id'),
    inputs: text('inputs'),
    outputs: text('outputs'),
    error: text('error'),
    /** JSON list of {field, message}. */
    errorFields: text('error_fields'),
    withheld: text('withheld'),
    schemaId: name('schema_id'),
    traceId: text('trace_id'),
    isSampled: boolean('is_sampled').notNull(),
    config: text('config'),
    bottleneck: text('bottleneck'),
  },
  ({ schemaId }) => [index('run_texts_schema').on(schemaId).where(sql`${schemaId} IS NOT NULL`)],
)

export const runEvents = pgTable(
  'run_events',
  {
    id: number('id').primaryKey(),
    runId: name('run_id').notNull(),
    at: moment('at').notNull(),
    kind: name('kind').$type<RunEventKind>().notNull(),
    attempt: integer('attempt').notNull(),
  },
  ({ runId }) => [index('run_events_run').on(runId)],
)

export const runExchanges = pgTable(
  'run_exchanges',
  {
    id: number('id').primaryKey(),
    runId: name('run_id').notNull(),
    attempt: integer('attempt').notNull(),
    at: moment('at').notNull(),
    method: text('method').notNull(),
    url: text('url').notNull(),
    durationMs: doublePrecision('duration_ms').notNull(),
    requestHeaders: text('request_headers').notNull(),
    requestBody: text('request_body'),
    status: integer('status'),
    responseHeaders: text('response_headers'),
    responseBody: text('response_body'),
    failure: text('failure'),
  },
  ({ runId }) => [index('run_exchanges_run').on(runId)],
)

/** Idempotency keys: tokens of forms, and Idempotency-Keys of scripts. */
export const runKeys = pgTable(
  'run_keys',
  {
    key: name('key').primaryKey(),
    runId: name('run_id').notNull(),
    inputsHash: name('inputs_hash').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  ({ runId, createdAt }) => [index('run_keys_created').on(createdAt), index('run_keys_run').on(runId)],
)

/** Schemas of agents that runs were made with, each once. */
export const inputSchemas = pgTable('input_schemas', {
  id: name('id').primaryKey(),
  text: text('text').notNull(),
})

export const nodeStates = pgTable(
  'node_states',
  {
    id: number('id').primaryKey(),
    runId: name('run_id').notNull(),
    node: text('node').notNull(),
    savedAt: moment('saved_at'),
    state: text('state').notNull(),
  },
  ({ id, runId }) => [index('node_states_run').on(runId, id)],
)
