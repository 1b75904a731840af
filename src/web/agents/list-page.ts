import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { BoardQuery } from '../../orchestrator/agents/board.ts'
import { isForElement, isFormRequest, isPartialRequest, replaceAs } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { respond, sendHtml, type View } from '../http/respond.ts'
import { allAgents, boardFields, boardQueryOf } from './board/query.ts'
import { agentsAsJson } from './list.ts'
import { presentRegisterForm, type RegisterForm } from './register-form.ts'
import { type AgentsPageQuery, listAgents } from './schemas.ts'
import { snippets } from './snippets.ts'

type Model = {
  register?: RegisterForm
  problem?: string
  execute?: { name: string; path: string }
}

export const agentListRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.agents, { config: { needs: 'viewer', isSharedPage: true }, schema: listAgents }, (request, reply) =>
    answerAgentsPage(app, request, reply, request.query),
  )
}

const rendered = (app: FastifyInstance, request: FastifyRequest, query: BoardQuery) =>
  app.agentsRegion(request).rendered({ zone: request.zone, query, role: request.actor.role })

export async function agentsPage(
  app: FastifyInstance,
  request: FastifyRequest,
  model: Model,
  query = allAgents,
): Promise<View> {
  const first = hasNoAgents(request) ? '1' : undefined
  const usual = { register: presentRegisterForm({ first }), problem: '', execute: undefined }
  const agents = {
    ...(await rendered(app, request, query)),
    text: query.text,
  }
  return ['agents/page', { title: 'Orchestrator', section: 'orchestrator', agents, snippets, ...usual, ...model }]
}

/** With neither agents nor runs there is one page, wherever somebody begins. */
export async function firstUsePage(
  app: FastifyInstance,
  request: FastifyRequest,
  own: { title: string; section: string },
): Promise<View> {
  const [template, model] = await agentsPage(app, request, {})
  return [template, { ...model, ...own }]
}

export function hasNoAgents({ orchestrator }: FastifyRequest): boolean {
  return orchestrator.agents().agents.length === 0
}

/** Says what was done. The list, in whatever view is shown, then refreshes itself: see public/js/requests/refreshes.js. */
export function changedAgents(model: { register?: RegisterForm; message: string; tone?: string }): View {
  return ['agents/_changed', { register: undefined, ...model }]
}

export async function answerAgentsPage(
  app: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
  query: AgentsPageQuery,
) {
  const board = boardQueryOf(query)
  if (isPartialRequest(request) && isForElement(request, 'agents')) return answerBoard(app, request, reply, board)
  const { of } = await request.orchestrator.agentDays.read()
  return respond(request, reply, {
    json: () => agentsAsJson(request.orchestrator.agents(board), of),
    page: () => agentsPage(app, request, executeLink(request, query), board),
  })
}

/** Tabs and pages add their own address to the history of the browser, typing replaces it. */
async function answerBoard(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply, board: BoardQuery) {
  const { polled } = await rendered(app, request, board)
  if (isFormRequest(request)) replaceAs(reply, paths.agents(boardFields(board)))
  return sendHtml(reply.header('vary', 'accept, hx-request, cookie'), polled)
}

function executeLink({ orchestrator }: FastifyRequest, query: AgentsPageQuery) {
  const { execute: id, inputs, from } = query
  if (id === undefined) return {}
  const agent = orchestrator.agents().agents.find((one) => one.id === id)
  if (!agent) return { problem: `There is no agent "${id}" to execute.` }
  return {
    execute: { name: agent.name, path: paths.execute(id, { inputs: inputs || undefined, from: from || undefined }) },
  }
}
