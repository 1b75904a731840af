import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { isoTime } from '../format/times.ts'
import { routes } from '../http/paths.ts'
import { prefersJson } from '../http/respond.ts'
import { pauseAgent, resumeAgent } from './change-schemas.ts'
import { answerChangedAgent } from './page/answer.ts'

const pauses = { needs: 'admin' } as const

export const pauseAgentRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(routes.pauseAgent, { config: pauses, schema: pauseAgent }, async (request, reply) => {
    const { id, name, pausedAt } = await request.orchestrator.pause(request.params.id, request.actor)
    if (prefersJson(request)) return { agent_id: id, paused_at: isoTime(pausedAt) }
    const message = `Paused ${name}. It is not checked until you resume it.`
    return answerChangedAgent(request, reply, { id, query: request.query, message })
  })

  app.post(routes.resumeAgent, { config: pauses, schema: resumeAgent }, async (request, reply) => {
    const { id, name } = await request.orchestrator.resume(request.params.id, request.actor)
    if (prefersJson(request)) return { agent_id: id, paused_at: null }
    return answerChangedAgent(request, reply, { id, query: request.query, message: `Resumed ${name}.` })
  })
}
