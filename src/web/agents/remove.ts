import type { FastifyInstance } from 'fastify'
import { plural } from '../../shared/plural.ts'
import { isFromPage, isPartialRequest, redirectTo, swapAs } from '../http/htmx.ts'
import { idOf } from '../http/params.ts'
import { paths, pathsOfAgentPage, routes } from '../http/paths.ts'
import { respond } from '../http/respond.ts'
import { changedAgents, hasNoAgents } from './list-page.ts'

export async function removeAgentRoutes(app: FastifyInstance) {
  const { orchestrator } = app

  app.get(routes.removeAgent, async (request, reply) => {
    const { agent, runs } = await orchestrator.agentWithRuns(idOf(request))
    const model = {
      ...agent,
      runs,
      runsStay: plural(runs, 'run stays', 'runs stay'),
      path: paths.agent(agent.id),
      formPath: paths.removeAgent(agent.id),
    }
    return respond(request, reply, {
      json: () => ({ agent_id: agent.id, agent_name: agent.name, runs }),
      partial: () => ['agents/_remove', model],
      page: () => ['agents/remove', { title: `Remove ${agent.name}`, section: 'orchestrator', remove: model }],
    })
  })

  // Forms without JavaScript know no DELETE.
  app.post(routes.removeAgent, async (request, reply) => {
    const agent = await orchestrator.remove(idOf(request), request.actor)
    return redirectTo(request, reply, paths.agents({ removed: agent.name }))
  })

  app.delete(routes.agent, async (request, reply) => {
    const agent = await orchestrator.remove(idOf(request), request.actor)
    const isElsewhere = isFromPage(request, [...pathsOfAgentPage(agent.id), paths.removeAgent(agent.id)])
    if (isElsewhere || (isPartialRequest(request) && hasNoAgents(app))) {
      return redirectTo(request, reply, paths.agents({ removed: agent.name }))
    }
    return respond(request, swapAs(reply, 'none'), {
      json: () => ({ status: 'deregistered', agent_id: agent.id }),
      page: () => changedAgents({ message: `Removed ${agent.name}. Its runs stay.` }),
    })
  })
}
