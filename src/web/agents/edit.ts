import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { AgentQuery } from '../../orchestrator/agents/page.ts'
import { AppError, NotFoundError } from '../../shared/errors.ts'
import { readCredentialForm, withLoginTaken } from '../credentials/request.ts'
import { routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { type AgentChanges, editAgent, showAgentEdit } from './change-schemas.ts'
import { agentEditAsJson, presentAgentEdit } from './edit-form.ts'
import { answerChangedAgent } from './page/answer.ts'

const edits = { needs: 'admin' } as const

export const editAgentRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.editAgent, { config: edits, schema: showAgentEdit }, async (request, reply) =>
    sendForm(request, reply, { ...request.params, query: request.query }),
  )

  app.post(routes.editAgent, { config: edits, schema: editAgent }, async (request, reply) => {
    const { query } = request
    const { id } = request.params
    const typed = withLoginTaken(request.body)
    try {
      const agent = await request.orchestrator.edit(id, readCredentialForm(typed, null), request.actor)
      if (prefersJson(request)) return agentEditAsJson(agent)
      return answerChangedAgent(request, reply, { id, query, message: `Saved ${agent.name}.` })
    } catch (error) {
      const isAtForm = error instanceof AppError && !(error instanceof NotFoundError) && !prefersJson(request)
      if (!isAtForm) throw error
      return sendForm(request, reply, { id, query, outcome: { typed, error } })
    }
  })

  function sendForm(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: { id: string; query: AgentQuery; outcome?: { typed: AgentChanges; error: AppError } },
  ) {
    const found = request.orchestrator.agentToEdit(asked.id)
    const edit = presentAgentEdit(found, asked.query, asked.outcome)
    if (asked.outcome) reply.code(asked.outcome.error.status)
    return respond(request, reply, {
      json: () => agentEditAsJson(found.agent),
      partial: () => ['agents/page/_edit', edit],
      page: () => ['agents/page/edit', { title: `Edit ${found.agent.name}`, section: 'orchestrator', edit }],
    })
  }
}
