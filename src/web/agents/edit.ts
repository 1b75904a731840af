import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError, NotFoundError } from '../../shared/errors.ts'
import { idOf } from '../http/params.ts'
import { routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { agentEditAsJson, presentAgentEdit } from './edit-form.ts'
import { answerChangedAgent } from './page/answer.ts'
import { readAgentQuery } from './page/query.ts'

const editBody = z
  .object({
    agent_name: z.unknown(),
    agent_url: z.unknown(),
    description: z.unknown(),
    check_interval_seconds: z.unknown(),
    check_timeout_seconds: z.unknown(),
    anyway: z.unknown(),
  })
  .partial()
  .catch({})

export async function editAgentRoutes(app: FastifyInstance) {
  const { orchestrator } = app

  app.get(routes.editAgent, async (request, reply) => sendForm(request, reply, idOf(request)))

  app.post(routes.editAgent, async (request, reply) => {
    const id = idOf(request)
    const typed = editBody.parse(request.body)
    try {
      const agent = await orchestrator.edit(id, typed, request.actor)
      if (prefersJson(request)) return agentEditAsJson(agent)
      return answerChangedAgent(app, request, reply, id, `Saved ${agent.name}.`)
    } catch (error) {
      const isAtForm = error instanceof AppError && !(error instanceof NotFoundError) && !prefersJson(request)
      if (!isAtForm) throw error
      return sendForm(request, reply.code(error.status), id, { typed, error })
    }
  })

  function sendForm(
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    outcome?: { typed: z.output<typeof editBody>; error: AppError },
  ) {
    const found = orchestrator.agentToEdit(id)
    const edit = presentAgentEdit(found, readAgentQuery(request), outcome)
    return respond(request, reply, {
      json: () => agentEditAsJson(found.agent),
      partial: () => ['agents/page/_edit', edit],
      page: () => ['agents/page/edit', { title: `Edit ${found.agent.name}`, section: 'orchestrator', edit }],
    })
  }
}
