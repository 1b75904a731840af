import type { FastifyError, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { AppError, NotFoundError } from '../../shared/errors.ts'
import { answerAgentsPage } from '../agents/list-page.ts'
import { answerAgentPage } from '../agents/page/answer.ts'
import { routes } from '../http/paths.ts'
import { prefersJson } from '../http/respond.ts'
import { agentInfo, naiveTime } from './agent-info.ts'
import { beat, listRegistered, registerSelf, removeItself, showRegistered } from './schemas.ts'

const reads = { isForPrograms: true, isForAgents: true, needs: 'viewer' } as const
const ofAgents = { isForPrograms: true, needs: 'agent' } as const

/** The Python program's registry, for agents that register themselves. Browsers get pages. */
export const registryRoutes: FastifyPluginAsyncZod = async (app) => {
  app.setErrorHandler(inWordsOfTheRegistry)

  app.post(routes.registerSelf, { config: ofAgents, schema: registerSelf }, async (request) =>
    agentInfo(await request.orchestrator.registerItself(request.body, request.actor)),
  )

  app.get(routes.registeredAgents, { config: reads, schema: listRegistered }, async (request, reply) => {
    reply.header('vary', 'accept, hx-request')
    if (wantsPage(request)) return answerAgentsPage(app, request, reply, request.query)
    return request.orchestrator.registered(request.query.include_dead).map(agentInfo)
  })

  app.get(routes.registeredAgent, { config: reads, schema: showRegistered }, async (request, reply) => {
    reply.header('vary', 'accept, hx-request')
    const { id } = request.params
    if (wantsPage(request)) return answerAgentPage(request, reply, { id, query: request.query })
    return agentInfo(request.orchestrator.registration(id))
  })

  await app.register(withoutBodies)
}

/** Pages show more than an agent is to see. */
function wantsPage(request: FastifyRequest): boolean {
  return request.identity?.kind !== 'registration' && !prefersJson(request)
}

/** Ignores bodies of any type. */
const withoutBodies: FastifyPluginAsyncZod = async (app) => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', async (_request: FastifyRequest, body: NodeJS.ReadableStream) => {
    body.resume()
  })

  app.post(routes.heartbeat, { config: ofAgents, schema: beat }, async (request) => {
    const { lastHeartbeatAt } = await request.orchestrator.beat(request.params.id, request.actor)
    return { status: 'ok' as const, last_heartbeat: naiveTime(lastHeartbeatAt) }
  })

  app.delete(routes.registeredAgent, { config: ofAgents, schema: removeItself }, async (request) => {
    const { id } = await request.orchestrator.remove(request.params.id, request.actor)
    return { status: 'deleted' as const, agent_id: id }
  })
}

function inWordsOfTheRegistry(error: FastifyError, request: FastifyRequest): never {
  const { id } = request.params as { id?: string }
  if (!(error instanceof NotFoundError) || id === undefined) throw error
  throw new AppError(error.code, error.status, `Agent not found: ${id}`)
}
