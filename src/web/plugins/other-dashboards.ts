import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the answer is the same whatever the other dashboards on the database do. */
    isOfThisAlone?: boolean
  }
}

/** Behind a proxy the next request may come to another dashboard: it has to know what this one has answered. */
export const otherDashboards = plugin(async (app: FastifyInstance) => {
  const { others } = app.orchestrator
  app.server.prependListener('request', app.orchestrator.requestArrives)
  if (!others) return
  app.addHook('onRequest', ({ routeOptions }, _reply, done) => {
    if (routeOptions.config?.isOfThisAlone) done()
    else others.heard().then(() => done(), done)
  })
  app.addHook('onSend', async ({ method }) => {
    if (method !== 'GET' && method !== 'HEAD') await others.told()
  })
})
