import { z } from 'zod'
import { agentFields } from '../agents/agent-schema.ts'
import { runFields } from '../format/run-schema.ts'
import { jsonOrPage, unchanged } from '../http/answers.ts'
import { count, time } from '../http/schemas.ts'

const seconds = z.number().nullable()
const dollars = z.number().nullable()
const path = z.string().describe('The list of these runs')
const agentId = z.string().nullable().describe('Null for a workflow of the Python program')

const lastDay = z.strictObject({
  runs: count,
  failed: count,
  p50_seconds: seconds,
  p95_seconds: seconds,
  path,
  hours: z.array(
    z.strictObject({
      from: time.nullable(),
      to: time.nullable(),
      runs: count,
      by_status: z.record(z.string(), count),
      path,
    }),
  ),
})

const error = z.strictObject({
  cause: z.string().describe("The error's own words where all have the same"),
  runs: count,
  hours: z.array(count).describe('How many in each hour'),
  latest_at: time.nullable(),
  agents: z.array(z.strictObject({ name: z.string(), agent_id: agentId, runs: count })),
  path,
})

const costDay = z.strictObject({
  from: time.nullable(),
  to: time.nullable(),
  cost: dollars,
  a_week_before: dollars,
  path,
})
const costs = z.strictObject({
  this_week: dollars,
  last_week_until_now: dollars,
  path,
  days: z.array(costDay),
  agents: z.array(
    z.strictObject({ name: z.string(), agent_id: agentId, cost: z.number(), last_week_until_now: z.number() }),
  ),
  others: z.strictObject({ agents: count, cost: z.number(), last_week_until_now: z.number() }).nullable(),
})

const overview = z
  .strictObject({
    agents: z.strictObject({
      registered: count,
      healthy: count,
      degraded: count,
      down: count,
      list: z.array(agentFields),
    }),
    last_24_hours: lastDay,
    running: z.strictObject({ runs: count, newest: z.array(runFields) }),
    latest: z.array(runFields.extend({ error_message: z.string().nullable() })),
    errors: z.strictObject({
      runs: count,
      grouped: count.describe('How many of them are in the list: the newest'),
      path,
      list: z.array(error),
    }),
    cost: costs.describe('In dollars; days and weeks are those of UTC'),
    history: z
      .strictObject({ read: count, total: count })
      .nullable()
      .describe('How many runs are read, while an older history is being read'),
  })
  .meta({ id: 'Overview', description: 'How agents are, what is running, what failed, and what it cost' })

export const showOverview = {
  tags: ['Overview'],
  summary: 'The overview',
  response: { 200: jsonOrPage('The overview', overview), ...unchanged },
}
