import { z } from 'zod'
import type { AgentQuery } from '../../../orchestrator/agents/page.ts'
import { lenient, wholeNumber } from '../../http/schemas.ts'

export const maxIncidents = 200
export const shownUnasked = 10
const defaults: AgentQuery = { range: '24h', incidents: shownUnasked }

export const agentQuery = z.strictObject({
  range: z.enum(['24h', '7d', '30d', '1y']).default(defaults.range).describe('How far back latencies go'),
  incidents: wholeNumber(1, maxIncidents).default(defaults.incidents).describe('How many incidents'),
})

export const agentPageQuery = z.object(lenient(agentQuery))

export function queryFields({ range, incidents }: AgentQuery) {
  return {
    range: range === defaults.range ? undefined : range,
    incidents: incidents === defaults.incidents ? undefined : String(incidents),
  }
}
