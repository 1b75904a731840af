import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import { faultHeader } from '../http/etag.ts'

/** Each answer carries the reason while nothing can be saved; open pages learn it from their polls. */
export const storageFault = plugin(async (app: FastifyInstance) => {
  let reason: string | undefined
  let isKnown = false

  /** Looks at the file once for all requests of a turn of the event loop: looking costs more than a small answer. */
  function known(): string | undefined {
    if (!isKnown) {
      const fault = app.orchestrator.storageFault()
      reason = fault && encodeURIComponent(fault.reason)
      isKnown = true
      setImmediate(() => {
        isKnown = false
      })
    }
    return reason
  }

  app.addHook('onRequest', (_request, reply, done) => {
    const fault = known()
    if (fault !== undefined) reply.header(faultHeader, fault)
    done()
  })
})
