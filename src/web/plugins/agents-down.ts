import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import { agentsDownHeader } from '../http/etag.ts'

/** Each answer carries how many agents are down; open pages keep their bar, title and icon true by it. */
export const agentsDown = plugin(async (app: FastifyInstance) => {
  app.addHook('preHandler', (request, reply, done) => {
    reply.header(agentsDownHeader, request.orchestrator.agentsDown())
    done()
  })
})
