import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { NotFoundError } from '../../../shared/errors.ts'
import { routes } from '../../http/paths.ts'
import { sendJsonText } from '../../http/respond.ts'
import { answerAgentPage, revisionOf } from './answer.ts'
import { showAgent, showLastSchema } from './schemas.ts'

const reads = { needs: 'viewer' } as const

export const agentPageRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.agent, { config: { ...reads, revisionOf }, schema: showAgent }, (request, reply) =>
    answerAgentPage(request, reply, { ...request.params, query: request.query }),
  )

  app.get(routes.lastAgentSchema, { config: reads, schema: showLastSchema }, async (request, reply) => {
    const text = await request.orchestrator.knownSchema(request.params.id)
    if (text === undefined) throw new NotFoundError('page', request.url)
    return sendJsonText(reply, text)
  })
}
