import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError, NotFoundError } from '../../shared/errors.ts'
import { answerAgentsPage } from '../agents/list-page.ts'
import { answerAgentPage } from '../agents/page/answer.ts'
import { readInput } from '../http/input.ts'
import { routes } from '../http/paths.ts'
import { prefersJson } from '../http/respond.ts'
import { agentInfo, naiveTime } from './agent-info.ts'

/** The registry checks it field by field. */
const registrationBody = z
  .object({
    agent_id: z.unknown(),
    agent_name: z.unknown(),
    host: z.unknown(),
    port: z.unknown(),
    ttl_seconds: z.unknown(),
    metadata: z.unknown(),
  })
  .partial()
  .catch({})
const byId = z.object({ id: z.string() })
/** As FastAPI reads them. */
const yesOrNo = z.stringbool({
  truthy: ['1', 'on', 't', 'true', 'y', 'yes'],
  falsy: ['0', 'off', 'f', 'false', 'n', 'no'],
})
const listQuery = z.strictObject({
  include_dead: z.preprocess((value) => (Array.isArray(value) ? value.at(-1) : value), yesOrNo.default(false)),
})

const forPrograms = { config: { isForPrograms: true } }

/** The Python program's registry, for agents that register themselves. Browsers get pages. */
export async function registryRoutes(app: FastifyInstance) {
  const { orchestrator } = app
  app.setErrorHandler(inWordsOfTheRegistry)

  app.post(routes.registerSelf, forPrograms, async (request) =>
    agentInfo(await orchestrator.registerItself(registrationBody.parse(request.body), request.actor)),
  )

  app.get(routes.registeredAgents, forPrograms, async (request, reply) => {
    reply.header('vary', 'accept, hx-request')
    if (!prefersJson(request)) return answerAgentsPage(app, request, reply)
    const { include_dead } = readInput(listQuery, request.query, { '': 'include_dead must be true or false.' })
    return orchestrator.registered(include_dead).map(agentInfo)
  })

  app.get(routes.registeredAgent, forPrograms, async (request, reply) => {
    reply.header('vary', 'accept, hx-request')
    const { id } = byId.parse(request.params)
    return prefersJson(request) ? agentInfo(orchestrator.registration(id)) : answerAgentPage(app, request, reply, id)
  })

  await app.register(withoutBodies)
}

/** Ignores bodies of any type. */
async function withoutBodies(app: FastifyInstance) {
  const { orchestrator } = app
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', async (_request: FastifyRequest, body: NodeJS.ReadableStream) => {
    body.resume()
  })

  app.post(routes.heartbeat, forPrograms, async (request) => {
    const { lastHeartbeatAt } = await orchestrator.beat(byId.parse(request.params).id, request.actor)
    return { status: 'ok', last_heartbeat: naiveTime(lastHeartbeatAt) }
  })

  app.delete(routes.registeredAgent, forPrograms, async (request) => {
    const { id } = await orchestrator.remove(byId.parse(request.params).id, request.actor)
    return { status: 'deleted', agent_id: id }
  })
}

function inWordsOfTheRegistry(error: FastifyError, request: FastifyRequest): never {
  const { data: params } = byId.safeParse(request.params)
  if (!(error instanceof NotFoundError) || !params) throw error
  throw new AppError(error.code, error.status, `Agent not found: ${params.id}`)
}
