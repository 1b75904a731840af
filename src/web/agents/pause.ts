import type { FastifyInstance } from 'fastify'
import { isoTime } from '../format/times.ts'
import { idOf } from '../http/params.ts'
import { routes } from '../http/paths.ts'
import { prefersJson } from '../http/respond.ts'
import { answerChangedAgent } from './page/answer.ts'

export async function pauseAgentRoutes(app: FastifyInstance) {
  const { orchestrator } = app

  app.post(routes.pauseAgent, async (request, reply) => {
    const { id, name, pausedAt } = await orchestrator.pause(idOf(request), request.actor)
    if (prefersJson(request)) return { agent_id: id, paused_at: isoTime(pausedAt) }
    return answerChangedAgent(app, request, reply, id, `Paused ${name}. It is not checked until you resume it.`)
  })

  app.post(routes.resumeAgent, async (request, reply) => {
    const { id, name } = await orchestrator.resume(idOf(request), request.actor)
    if (prefersJson(request)) return { agent_id: id, paused_at: null }
    return answerChangedAgent(app, request, reply, id, `Resumed ${name}.`)
  })
}
