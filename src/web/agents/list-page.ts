import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { paths, routes } from '../http/paths.ts'
import { respond, type View } from '../http/respond.ts'
import { agentsAsJson } from './list.ts'
import { presentRegisterForm, type RegisterForm } from './register-form.ts'
import { snippets } from './snippets.ts'

const pageQuery = z
  .object({ registered: z.string(), removed: z.string(), execute: z.string(), inputs: z.string(), from: z.string() })
  .partial()
  .catch({})

type Model = {
  register?: RegisterForm
  message?: string
  problem?: string
  execute?: { name: string; path: string }
}

export async function agentListRoutes(app: FastifyInstance) {
  app.get(routes.agents, (request, reply) => answerAgentsPage(app, request, reply))
}

export async function agentsPage(app: FastifyInstance, { zone }: FastifyRequest, model: Model): Promise<View> {
  const first = hasNoAgents(app) ? '1' : undefined
  const usual = { register: presentRegisterForm({ first }), message: '', problem: '', execute: undefined }
  const agents = await app.agentsRegion.rendered(zone)
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

export function hasNoAgents({ orchestrator }: FastifyInstance): boolean {
  return orchestrator.agents().agents.length === 0
}

export async function changedAgents(
  { agentsRegion }: FastifyInstance,
  { zone }: FastifyRequest,
  { register, ...toast }: { register?: RegisterForm; message: string; tone?: string },
): Promise<View> {
  return ['agents/_changed', { register, agents: await agentsRegion.rendered(zone), ...toast }]
}

export async function answerAgentsPage(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
  const query = pageQuery.parse(request.query)
  const { registered, removed } = query
  const message = registered ? `Registered ${registered}.` : removed ? `Removed ${removed}. Its runs stay.` : ''
  return respond(request, reply, {
    json: () => agentsAsJson(app.orchestrator.agents()),
    page: () => agentsPage(app, request, { message, ...executeLink(app, query) }),
  })
}

function executeLink({ orchestrator }: FastifyInstance, query: z.output<typeof pageQuery>) {
  const { execute: id, inputs, from } = query
  if (id === undefined) return {}
  const agent = orchestrator.agents().agents.find((one) => one.id === id)
  if (!agent) return { problem: `There is no agent "${id}" to execute.` }
  return {
    execute: { name: agent.name, path: paths.execute(id, { inputs: inputs || undefined, from: from || undefined }) },
  }
}
