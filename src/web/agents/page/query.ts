import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AgentQuery } from '../../../orchestrator/agents/page.ts'

export const maxIncidents = 200
export const shownUnasked = 10
const defaults: AgentQuery = { range: '24h', incidents: shownUnasked }

const agentQuery = z.object({
  range: z.enum(['24h', '7d', '30d', '1y']).catch(defaults.range),
  incidents: z.coerce.number().int().min(1).max(maxIncidents).catch(defaults.incidents),
}) satisfies z.ZodType<AgentQuery>

/** Ignores what is not valid. */
export function readAgentQuery(request: FastifyRequest): AgentQuery {
  return agentQuery.parse(request.query)
}

export function queryFields({ range, incidents }: AgentQuery) {
  return {
    range: range === defaults.range ? undefined : range,
    incidents: incidents === defaults.incidents ? undefined : String(incidents),
  }
}
