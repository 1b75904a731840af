import type { FastifyInstance } from 'fastify'

/** Whether the dashboard itself is well. */
export async function healthRoutes(app: FastifyInstance) {
  app.get('/health', async () => ({ status: 'healthy', timestamp: new Date(app.orchestrator.now()).toISOString() }))
}
