import type { FastifyInstance, FastifyRequest } from 'fastify'
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
    first: z.unknown(),
    /** What to do next: execute. */
    next: z.unknown(),
  })
  .partial()
  .catch({})

const registrationQuery = z.object({ first: z.string() }).partial().catch({})

export async function registerAgentRoutes(app: FastifyInstance) {
  const { orchestrator } = app

  app.get(routes.register, async (request, reply) => {
    if (!isPartialRequest(request)) return reply.redirect(`${paths.agents()}#register`)
    return reply.view(
      'agents/_register',
      presentRegisterForm(registrationQuery.parse(request.query), { isCleared: true }),
    )
  })

  app.post(routes.register, async (request, reply) => {
    const typed = registrationBody.parse(request.body)
    try {
      const { agent, isUpdate } = await orchestrator.register(typed, request.actor)
      const message = `${isUpdate ? 'Updated' : 'Registered'} ${agent.name}.`
      const leadsTo = prefersJson(request) ? undefined : nextPage(request, typed, agent)
      if (leadsTo !== undefined) return redirectTo(request, reply, leadsTo)
      return respond(request, swapAs(reply, 'outerHTML'), {
        json: () => ({
          status: 'registered',
          agent_id: agent.id,
          agent_name: agent.name,
          agent_url: agent.url,
          message,
        }),
        page: () => changedAgents({ register: presentRegisterForm(), message }),
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

/** Where the browser goes; undefined where the list on its page takes in the agent. */
function nextPage(
  request: FastifyRequest,
  { next, first }: z.output<typeof registrationBody>,
  { id, name }: { id: string; name: string },
): string | undefined {
  const isPartial = isPartialRequest(request)
  if (next === 'execute') return isPartial ? paths.agents({ execute: id }) : paths.execute(id)
  return isPartial && first !== '1' ? undefined : paths.agents({ registered: name })
}
