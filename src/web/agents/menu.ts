import type { FastifyInstance } from 'fastify'
import { isPartialRequest } from '../http/htmx.ts'
import { idOf } from '../http/params.ts'
import { paths, routes } from '../http/paths.ts'

/** What can be done with an agent, besides the buttons of its row. Only for scripts of ours: others get its page. */
export async function agentMenuRoutes(app: FastifyInstance) {
  app.get(routes.agentMenu, async (request, reply) => {
    const { id, url, pausedAt } = app.orchestrator.agent(idOf(request))
    if (!isPartialRequest(request)) return reply.redirect(paths.agentPage(id))
    const isPaused = pausedAt !== undefined
    return reply.view('agents/board/_menu', {
      id,
      url,
      isPaused,
      canCheck: !isPaused,
      checkPath: paths.checkAgent(id),
      runsPath: paths.runs({ agent: id }),
      editPath: paths.editAgent(id),
      pausePath: isPaused ? paths.resumeAgent(id) : paths.pauseAgent(id),
    })
  })
}
