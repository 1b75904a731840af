import type { FastifyInstance } from 'fastify'
import { NotFoundError } from '../../../shared/errors.ts'
import { idOf } from '../../http/params.ts'
import { routes } from '../../http/paths.ts'
import { answerAgentPage } from './answer.ts'

export async function agentPageRoutes(app: FastifyInstance) {
  app.get(routes.agent, (request, reply) => answerAgentPage(app, request, reply, idOf(request)))

  app.get(routes.lastAgentSchema, async (request, reply) => {
    const text = await app.orchestrator.knownSchema(idOf(request))
    if (text === undefined) throw new NotFoundError('page', request.url)
    return reply.type('application/json; charset=utf-8').send(text)
  })
}
