import { z } from 'zod'
import type { AgentQuery } from '../../../orchestrator/agents/page.ts'

export const maxIncidents = 200
export const shownUnasked = 10
const defaults: AgentQuery = { range: '24h', incidents: shownUnasked }

/** Ignores what is not valid. */
export const agentQuery = z.object({
  range: z
    .enum(['24h', '7d', '30d', '1y'])
    .default(defaults.range)
    .catch(defaults.range)
    .describe('How far back latencies go'),
  incidents: z.coerce
    .number()
    .int()
    .min(1)
    .max(maxIncidents)
    .default(defaults.incidents)
    .catch(defaults.incidents)
    .describe('How many incidents'),
})

export function queryFields({ range, incidents }: AgentQuery) {
  return {
    range: range === defaults.range ? undefined : range,
    incidents: incidents === defaults.incidents ? undefined : String(incidents),
  }
}
