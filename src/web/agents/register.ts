import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { isPartialRequest, redirectTo, swapAs } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { agentsPage, changedAgents } from './list-page.ts'
import { presentRegisterForm } from './register-form.ts'

const registrationBody = z
  .object({
    agent_id: z.unknown(),
    agent_name: z.unknown(),
    agent_url: z.unknown(),
    description: z.unknown(),
    metadata: z.unknown(),
    anyway: z.unknown(),
  })
  .partial()
  .catch({})

export async function registerAgentRoutes(app: FastifyInstance) {
  const { orchestrator } = app

  app.get(routes.register, async (request, reply) =>
    isPartialRequest(request) ? reply.view('agents/_register', presentRegisterForm()) : reply.redirect(paths.agents()),
  )

  app.post(routes.register, async (request, reply) => {
    const typed = registrationBody.parse(request.body)
    try {
      const { agent, isUpdate } = await orchestrator.register(typed, request.actor)
      const message = `${isUpdate ? 'Updated' : 'Registered'} ${agent.name}.`
      if (!prefersJson(request) && !isPartialRequest(request)) {
        return redirectTo(request, reply, paths.agents({ registered: agent.name }))
      }
      return respond(request, swapAs(reply, 'outerHTML'), {
        json: () => ({
          status: 'registered',
          agent_id: agent.id,
          agent_name: agent.name,
          agent_url: agent.url,
          message,
        }),
        page: () => changedAgents(app, request, { register: presentRegisterForm(), message }),
      })
    } catch (error) {
      if (!(error instanceof AppError) || prefersJson(request)) throw error
      const register = presentRegisterForm(typed, { error })
      return respond(request, reply.code(error.status), {
        json: () => undefined,
        partial: () => ['agents/_register', register],
        page: () => agentsPage(app, request, { register }),
      })
    }
  })
}
