import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether an answer may be from agents as they were known a second ago. */
    isPolled?: boolean
  }
}

/** Every answer of the routes beside this one knows what another program did to agents before the request came. */
export const freshAgents = plugin(async (app: FastifyInstance) => {
  app.addHook('preHandler', async ({ routeOptions }) => {
    if (!routeOptions.config.isPolled) await app.orchestrator.refreshAgents()
  })
})
