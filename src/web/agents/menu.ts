import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { isPartialRequest } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { showAgentMenu } from './schemas.ts'

/** What can be done with an agent, besides the buttons of its row. Only for scripts of ours: others get its page. */
export const agentMenuRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.agentMenu, { config: { needs: 'viewer' }, schema: showAgentMenu }, async (request, reply) => {
    const { id, url, pausedAt } = request.orchestrator.agent(request.params.id)
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
