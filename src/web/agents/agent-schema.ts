import { z } from 'zod'
import { credentialUrl } from '../format/asked-schema.ts'
import { count, time } from '../http/schemas.ts'

const share = z.number().min(0).max(1)
const checkResult = z.strictObject({
  at: time.nullable(),
  outcome: z.enum(['up', 'degraded', 'busy', 'down']),
  latency_ms: z.number().nullable(),
  reason: z.string().nullable(),
})

export const agentFields = z.strictObject({
  agent_id: z.string(),
  agent_name: z.string(),
  agent_url: z.string(),
  description: z.string(),
  status: z.enum(['unknown', 'healthy', 'degraded', 'busy', 'down', 'paused', 'expired']),
  reason: z.string().nullable().describe('Why it is not healthy'),
  credential_url: credentialUrl,
  since: time.nullable().describe('Since when it has this status'),
  misses: count.describe('Failed checks in a row that do not make it down yet'),
  is_flapping: z.boolean(),
  is_paused: z.boolean(),
  runs: count.describe('How many are running'),
  uptime_24h: share.nullable().describe('Of the checks of 24 hours, from 0 to 1'),
  latency_ms: z.number().nullable().describe('Of the last check'),
  last_seen: time.nullable(),
  checks: z.array(checkResult).describe('The newest ones, oldest first'),
  registered_by: z.enum(['self', 'hand']),
  registered_at: time.nullable(),
  ttl_seconds: z.number(),
})
export const agent = agentFields.meta({ id: 'Agent', description: 'An agent and its health' })

const day = z.strictObject({
  runs: count,
  failed: count,
  success: share.nullable().describe('Of the runs that ended, from 0 to 1'),
  p50_seconds: z.number().nullable(),
  cost_usd: z.number().nullable(),
})

export const agents = z
  .strictObject({
    checked_at: time.nullable(),
    check_interval_seconds: z.number(),
    may_be_offline: z
      .boolean()
      .describe('More than half of the agents began to fail at once: perhaps this machine is offline'),
    agents: z.array(agentFields.extend({ last_24_hours: day.optional() })),
  })
  .meta({ id: 'Agents', description: 'All agents, by name' })
