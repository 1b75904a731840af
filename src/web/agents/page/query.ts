import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AgentQuery } from '../../../orchestrator/agents/page.ts'

/** More are never asked for at once. */
export const maxIncidents = 200
/** What an agent's page shows when its address says nothing. */
const defaults: AgentQuery = { range: '24h', incidents: 10 }

const agentQuery = z.object({
  range: z.enum(['24h', '7d', '30d', '1y']).catch(defaults.range),
  incidents: z.coerce.number().int().min(1).max(maxIncidents).catch(defaults.incidents),
}) satisfies z.ZodType<AgentQuery>

/** What the address of an agent's page asks for. What makes no sense there is ignored. */
export function readAgentQuery(request: FastifyRequest): AgentQuery {
  return agentQuery.parse(request.query)
}

/** The query of an address that asks for this; what is the default is left out. */
export function queryFields({ range, incidents }: AgentQuery) {
  return {
    range: range === defaults.range ? undefined : range,
    incidents: incidents === defaults.incidents ? undefined : String(incidents),
  }
}
