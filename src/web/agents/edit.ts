import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { AgentQuery } from '../../orchestrator/agents/page.ts'
import { AppError, NotFoundError } from '../../shared/errors.ts'
import { readCredentialForm, withLoginTaken } from '../credentials/request.ts'
import { routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { type EditAt, editAgent, showAgentEdit } from './change-schemas.ts'
import { checkedAsJson, presentChecked } from './checked.ts'
import { agentEditAsJson, type EditOutcome, presentAgentEdit } from './edit-form.ts'
import { answerChangedAgent } from './page/answer.ts'

const edits = { needs: 'admin' } as const

export const editAgentRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.editAgent, { config: edits, schema: showAgentEdit }, async (request, reply) => {
    const { at, ...query } = request.query
    return sendEditForm(request, reply, { ...request.params, query, at })
  })

  app.post(routes.editAgent, { config: edits, schema: editAgent }, async (request, reply) => {
    const { query } = request
    const { id } = request.params
    const typed = withLoginTaken(request.body)
    try {
      const { agent, checked } = await request.orchestrator.edit(id, readCredentialForm(typed, null), request.actor)
      if (prefersJson(request)) return { ...agentEditAsJson(agent), check: checkedAsJson(checked) }
      return answerChangedAgent(request, reply, { id, query, ...presentChecked(`Saved ${agent.name}`, checked) })
    } catch (error) {
      const isAtForm = error instanceof AppError && !(error instanceof NotFoundError) && !prefersJson(request)
      if (!isAtForm) throw error
      return sendEditForm(request, reply, { id, query, outcome: { typed, error } })
    }
  })
}

export function sendEditForm(
  request: FastifyRequest,
  reply: FastifyReply,
  { id, query, ...rest }: { id: string; query: AgentQuery; at?: EditAt; outcome?: EditOutcome },
) {
  const found = request.orchestrator.agentToEdit(id)
  const edit = presentAgentEdit(found, query, rest)
  if (rest.outcome?.error) reply.code(rest.outcome.error.status)
  return respond(request, reply, {
    json: () => agentEditAsJson(found.agent),
    partial: () => ['agents/edit/_edit', edit],
    page: () => ['agents/edit/edit', { title: `Edit ${found.agent.name}`, section: 'orchestrator', edit }],
  })
}
