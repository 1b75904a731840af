import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { routes } from '../http/paths.ts'
import { writeExposition } from './exposition.ts'
import { showMetrics } from './schemas.ts'

export const metricsRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.metrics, { config: { needs: 'viewer' }, schema: showMetrics }, async (request, reply) => {
    const { type, text } = await writeExposition(await request.orchestrator.metrics.read())
    return reply.type(type).send(text)
  })
}
