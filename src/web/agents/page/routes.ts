import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError, NotFoundError } from '../../../shared/errors.ts'
import { isoTime } from '../../format/times.ts'
import { isFromPage, isPartialRequest, redirectTo, swapAs } from '../../http/htmx.ts'
import { paths, pathsOfAgentPage, routes } from '../../http/paths.ts'
import { prefersJson, respond } from '../../http/respond.ts'
import { agentEditAsJson, presentAgentEdit } from '../edit-form.ts'
import { agentRegion, answerAgentPage } from './answer.ts'
import { queryFields, readAgentQuery } from './query.ts'

const byId = z.object({ id: z.string() })
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

/** One agent: its page, and what is changed there. */
export async function agentPageRoutes(app: FastifyInstance) {
  const { orchestrator } = app

  app.get(routes.agent, (request, reply) => answerAgentPage(app, request, reply, idOf(request)))

  app.get(routes.lastAgentSchema, async (request, reply) => {
    const text = orchestrator.knownSchema(idOf(request))
    if (text === undefined) throw new NotFoundError('page', request.url)
    return reply.type('application/json; charset=utf-8').send(text)
  })

  app.get(routes.editAgent, async (request, reply) => sendForm(request, reply, idOf(request)))

  app.post(routes.editAgent, async (request, reply) => {
    const id = idOf(request)
    const typed = editBody.parse(request.body)
    try {
      const agent = await orchestrator.edit(id, typed)
      if (prefersJson(request)) return agentEditAsJson(agent)
      return showAgent(request, reply, id, `Saved ${agent.name}.`)
    } catch (error) {
      const isAtForm = error instanceof AppError && !(error instanceof NotFoundError) && !prefersJson(request)
      if (!isAtForm) throw error
      return sendForm(request, reply.code(error.status), id, { typed, error })
    }
  })

  app.post(routes.pauseAgent, async (request, reply) => {
    const agent = await orchestrator.pause(idOf(request))
    if (prefersJson(request)) return { agent_id: agent.id, paused_at: isoTime(agent.pausedAt) }
    return showAgent(request, reply, agent.id, `Paused ${agent.name}. It is not checked until you resume it.`)
  })

  app.post(routes.resumeAgent, async (request, reply) => {
    const agent = await orchestrator.resume(idOf(request))
    if (prefersJson(request)) return { agent_id: agent.id, paused_at: null }
    return showAgent(request, reply, agent.id, `Resumed ${agent.name}.`)
  })

  /** Back to the page of the agent: within it, where the request came from there. */
  async function showAgent(request: FastifyRequest, reply: FastifyReply, id: string, message: string) {
    const query = readAgentQuery(request)
    if (!isPartialRequest(request) || !isFromPage(request, pathsOfAgentPage(id))) {
      return redirectTo(request, reply, paths.agentPage(id, queryFields(query)))
    }
    return swapAs(reply, 'none').view('agents/page/_changed', { agent: await agentRegion(app, id, query), message })
  }

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

function idOf(request: FastifyRequest): string {
  return byId.parse(request.params).id
}
