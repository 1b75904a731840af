import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { routes } from '../http/paths.ts'
import { showHealth, showLiveness, showReadiness } from './schemas.ts'

const open = { needs: 'anyone' } as const

/** Alive while it answers, ready while it can also save. */
export const healthRoutes: FastifyPluginAsyncZod = async (app) => {
  const { orchestrator } = app
  const timestamp = () => new Date(orchestrator.now()).toISOString()

  async function health(_: unknown, reply: FastifyReply) {
    const fault = orchestrator.storageFault()
    if (!fault) return { status: 'healthy' as const, timestamp: timestamp() }
    return reply.code(503).send({ status: 'unhealthy', reason: fault.reason, timestamp: timestamp() })
  }

  app.get(routes.health, { config: open, schema: showHealth }, health)
  app.get(routes.readiness, { config: open, schema: showReadiness }, health)
  app.get(routes.liveness, { config: open, schema: showLiveness }, async () => ({
    status: 'healthy' as const,
    timestamp: timestamp(),
  }))
}
