import { z } from 'zod'
import { certificate } from '../../format/asked-schema.ts'
import { runFields } from '../../format/run-schema.ts'
import { json, jsonOrPage, problems } from '../../http/answers.ts'
import { byAgent, count, payload, runId, strictForPrograms, time } from '../../http/schemas.ts'
import { agentFields } from '../agent-schema.ts'
import { agentPageQuery, agentQuery } from './query.ts'

const share = z.number().min(0).max(1).nullable()
const ms = z.number().nullable()

const uptime = z
  .strictObject({ '24h': share, '7d': share, '30d': share, '90d': share, watched_since: time.nullable() })
  .describe('Shares of good checks, from 0 to 1')

const latencies = { up: count, down: count, average_ms: ms, fastest_ms: ms, slowest_ms: ms }
const latency = z.strictObject({
  range: z.enum(['24h', '7d', '30d', '1y']),
  from: time.nullable(),
  to: time.nullable(),
  point_seconds: z.number(),
  ...latencies,
  points: z.array(z.strictObject({ at: time.nullable(), ...latencies })),
})

const incident = z.strictObject({
  started_at: time.nullable(),
  ended_at: time.nullable(),
  duration_seconds: z.number().nullable(),
  reason: z.string(),
  runs: z.array(z.strictObject({ run_id: runId, status: z.string(), started_at: time.nullable(), path: z.string() })),
  runs_total: count,
})

const lastCheck = z.strictObject({
  at: time.nullable(),
  url: z.string(),
  status: z.number().int().nullable(),
  duration_ms: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  failure: z.string().nullable(),
  certificate: certificate.nullable().describe('Its certificate, where that is not accepted'),
})

const agentPage = agentFields
  .extend({
    last_heartbeat: time.nullable(),
    paused_at: time.nullable(),
    check_interval_seconds: z.number(),
    check_timeout_seconds: z.number(),
    uptime,
    latency,
    incidents: z.array(incident).describe('Newest first, with the runs they affected'),
    has_more_incidents: z.boolean(),
    latest_runs: z.array(runFields),
    runs_total: count,
    last_check: lastCheck.nullable(),
    schema: payload.meta({ description: 'Its schema, as it last gave it' }),
  })
  .meta({ id: 'AgentPage', description: 'An agent with its uptime, incidents, latencies and latest runs' })

export const showAgent = {
  tags: ['Agents'],
  summary: 'One agent',
  params: byAgent,
  querystring: strictForPrograms(agentPageQuery, agentQuery),
  response: { 200: jsonOrPage('The agent', agentPage), ...problems(404, 422) },
}

export const showLastSchema = {
  tags: ['Agents'],
  summary: 'The schema that an agent gave last',
  description: 'As the agent sent it. The agent is not asked.',
  params: byAgent,
  response: { 200: json('The schema', payload), ...problems(404) },
}
