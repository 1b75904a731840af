import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'

/** While nothing can be saved, each answer carries the reason: pages that are open learn it by what they poll. */
export const storageFault = plugin(async (app: FastifyInstance) => {
  app.addHook('onRequest', (_request, reply, done) => {
    const fault = app.orchestrator.storageFault()
    if (fault) reply.header('x-storage-fault', encodeURIComponent(fault.reason))
    done()
  })
})
