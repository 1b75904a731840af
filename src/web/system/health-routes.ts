import type { FastifyInstance, FastifyReply } from 'fastify'

/** Whether the dashboard itself is well: `/healthz` while it answers at all, the others while it can also save. */
export async function healthRoutes(app: FastifyInstance) {
  const { orchestrator } = app
  const timestamp = () => new Date(orchestrator.now()).toISOString()

  async function health(_: unknown, reply: FastifyReply) {
    const fault = orchestrator.storageFault()
    if (!fault) return { status: 'healthy', timestamp: timestamp() }
    return reply.code(503).send({ status: 'unhealthy', reason: fault.reason, timestamp: timestamp() })
  }

  app.get('/health', health)
  app.get('/readyz', health)
  app.get('/healthz', async () => ({ status: 'healthy', timestamp: timestamp() }))
}
