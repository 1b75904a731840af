import type { FastifyInstance, FastifyReply } from 'fastify'
import { routes } from '../http/paths.ts'

/** Alive while it answers, ready while it can also save. */
export async function healthRoutes(app: FastifyInstance) {
  const { orchestrator } = app
  const timestamp = () => new Date(orchestrator.now()).toISOString()

  async function health(_: unknown, reply: FastifyReply) {
    const fault = orchestrator.storageFault()
    if (!fault) return { status: 'healthy', timestamp: timestamp() }
    return reply.code(503).send({ status: 'unhealthy', reason: fault.reason, timestamp: timestamp() })
  }

  app.get(routes.health, health)
  app.get(routes.readiness, health)
  app.get(routes.liveness, async () => ({ status: 'healthy', timestamp: timestamp() }))
}
