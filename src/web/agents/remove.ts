import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { plural } from '../../shared/plural.ts'
import { isFromPage, isPartialRequest, redirectTo, swapAs } from '../http/htmx.ts'
import { paths, pathsOfAgentPage, routes } from '../http/paths.ts'
import { respond } from '../http/respond.ts'
import { askToRemoveAgent, removeAgent, submitRemoval } from './change-schemas.ts'
import { changedAgents, hasNoAgents } from './list-page.ts'

const removes = { needs: 'admin' } as const

export const removeAgentRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.removeAgent, { config: removes, schema: askToRemoveAgent }, async (request, reply) => {
    const { agent, runs } = await request.orchestrator.agentWithRuns(request.params.id)
    const model = {
      ...agent,
      runs,
      runsStay: plural(runs, 'run stays', 'runs stay'),
      path: paths.agent(agent.id),
      formPath: paths.removeAgent(agent.id),
      pagePath: paths.agentPage(agent.id),
    }
    return respond(request, reply, {
      json: () => ({ agent_id: agent.id, agent_name: agent.name, runs }),
      partial: () => ['agents/_remove', model],
      page: () => ['agents/remove', { title: `Remove ${agent.name}`, section: 'orchestrator', remove: model }],
    })
  })

  // Forms without JavaScript know no DELETE.
  app.post(routes.removeAgent, { config: removes, schema: submitRemoval }, async (request, reply) => {
    const agent = await request.orchestrator.remove(request.params.id, request.actor)
    return redirectTo(request, reply, paths.agents(), { message: sentenceOf(agent) })
  })

  app.delete(routes.agent, { config: removes, schema: removeAgent }, async (request, reply) => {
    const agent = await request.orchestrator.remove(request.params.id, request.actor)
    const isElsewhere = isFromPage(request, [...pathsOfAgentPage(agent.id), paths.removeAgent(agent.id)])
    if (isElsewhere || (isPartialRequest(request) && hasNoAgents(request))) {
      return redirectTo(request, reply, paths.agents(), { message: sentenceOf(agent) })
    }
    return respond(request, swapAs(reply, 'none'), {
      json: () => ({ status: 'deregistered', agent_id: agent.id }),
      page: () => changedAgents({ message: sentenceOf(agent) }),
    })
  })
}

const sentenceOf = ({ name }: { name: string }) => `Removed ${name}. Its runs stay.`
