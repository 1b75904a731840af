import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import { type Actor, localActor } from '../../shared/actor.ts'

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor
  }
}

export const actors = plugin(async (app: FastifyInstance) => {
  app.decorateRequest('actor', { getter: () => localActor })
})
