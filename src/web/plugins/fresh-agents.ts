import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the answer may be a second old. */
    isPolled?: boolean
  }
}

/** Reads what another program changed about agents before each request. */
export const freshAgents = plugin(async (app: FastifyInstance) => {
  app.addHook('preHandler', async ({ routeOptions }) => {
    if (!routeOptions.config.isPolled) await app.orchestrator.refreshAgents()
  })
})
