import type { FastifyInstance, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { knowsPlaces } from '../../shared/actor.ts'
import { faultHeader, outdatedHeader } from '../http/etag.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Why nothing can be saved, as far as who asks may know; undefined while it can. */
    readonly storageFault: string | undefined
    /** Where a newer dashboard has changed the database: that, and what to do, for those who may know. */
    readonly outdated: string[] | undefined
  }
}

const outdated = [
  'A newer dashboard has changed the database.',
  'Update this one: until then, some things may fail here.',
]

/** Each answer carries the reason while nothing can be saved, and whether a newer dashboard has changed the database;
 * open pages learn it from their polls. */
export const storageFault = plugin(async (app: FastifyInstance) => {
  app.decorateRequest('storageFault', {
    getter(this: FastifyRequest) {
      const found = app.orchestrator.storageFault()
      return found && (knowsPlaces(this.actor) ? found.reasonForAdmins : found.reason)
    },
  })
  app.decorateRequest('outdated', {
    getter(this: FastifyRequest) {
      return app.orchestrator.isOutdated() && knowsPlaces(this.actor) ? outdated : undefined
    },
  })
  app.addHook('onRequest', (request, reply, done) => {
    const reason = request.storageFault
    if (reason !== undefined) reply.header(faultHeader, encodeURIComponent(reason))
    if (request.outdated) reply.header(outdatedHeader, request.outdated.map(encodeURIComponent).join(' '))
    done()
  })
})
