import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'

/** Each answer carries the reason while nothing can be saved; open pages learn it from their polls. */
export const storageFault = plugin(async (app: FastifyInstance) => {
  app.addHook('onRequest', (_request, reply, done) => {
    const fault = app.orchestrator.storageFault()
    if (fault) reply.header('x-storage-fault', encodeURIComponent(fault.reason))
    done()
  })
})
