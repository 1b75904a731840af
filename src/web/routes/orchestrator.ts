import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { AppError, type FieldError } from '../../errors.ts'
import { isPartialRequest, redirectTo, swapAs } from '../htmx.ts'
import { agentsAsJson, presentAgents } from '../presenters/agents.ts'
import { createPrinted } from '../printed.ts'
import { prefersJson, respond, type View } from '../respond.ts'

const registrationBody = z
  .object({
    agent_id: z.unknown(),
    agent_name: z.unknown(),
    agent_url: z.unknown(),
    description: z.unknown(),
    metadata: z.unknown(),
  })
  .partial()
  .catch({})
type Typed = z.output<typeof registrationBody>

const byId = z.object({ id: z.string() })
const pageQuery = z
  .object({ registered: z.string(), removed: z.string(), execute: z.string(), inputs: z.string(), from: z.string() })
  .partial()
  .catch({})

/** Registering agents, watching them, removing them. */
export async function orchestratorRoutes(app: FastifyInstance) {
  const { orchestrator } = app

  const agents = createPrinted(
    () => `${orchestrator.agentsRevision()} ${Math.floor(orchestrator.now() / 1000)}`,
    () => app.view('orchestrator/_agents', presentAgents(orchestrator.agents(), orchestrator.now())),
  )
  const page = async (model: object): Promise<View> => [
    'orchestrator/page',
    {
      title: 'Orchestrator',
      section: 'orchestrator',
      agents: await agents(),
      register: registerForm(),
      message: '',
      problem: '',
      execute: undefined,
      ...model,
    },
  ]

  app.get('/orchestrator', async (request, reply) => {
    const query = pageQuery.parse(request.query)
    const { registered, removed } = query
    const message = registered ? `Registered ${registered}.` : removed ? `Removed ${removed}. Its runs stay.` : ''
    return respond(request, reply, {
      json: () => agentsAsJson(orchestrator.agents()),
      page: () => page({ message, ...executeLink(query) }),
    })
  })

  /** What a link to a filled-in form leads to: the dialog, which opens by itself, or its page. */
  function executeLink({ execute: id, inputs, from }: z.output<typeof pageQuery>) {
    if (id === undefined) return {}
    const agent = orchestrator.agents().agents.find((one) => one.id === id)
    if (!agent) return { problem: `There is no agent "${id}" to execute.` }
    const filled = new URLSearchParams({ ...(inputs && { inputs }), ...(from && { from }) })
    const path = `/orchestrator/${encodeURIComponent(id)}/execute`
    return { execute: { name: agent.name, path: filled.size > 0 ? `${path}?${filled}` : path } }
  }

  app.get('/orchestrator/health-check', async (request, reply) => {
    await orchestrator.firstChecks()
    if (prefersJson(request)) return agentsAsJson(orchestrator.agents())
    return reply.type('text/html; charset=utf-8').send(await agents())
  })

  app.get('/orchestrator/register', async (request, reply) =>
    isPartialRequest(request) ? reply.view('orchestrator/_register', registerForm()) : reply.redirect('/orchestrator'),
  )

  app.post('/orchestrator/register', async (request, reply) => {
    const typed = registrationBody.parse(request.body)
    try {
      const { agent, isUpdate } = await orchestrator.register(typed)
      const message = `${isUpdate ? 'Updated' : 'Registered'} ${agent.name}.`
      if (!prefersJson(request) && !isPartialRequest(request)) {
        return redirectTo(request, reply, `/orchestrator?registered=${encodeURIComponent(agent.name)}`)
      }
      return respond(request, swapAs(reply, 'outerHTML'), {
        json: () => ({
          status: 'registered',
          agent_id: agent.id,
          agent_name: agent.name,
          agent_url: agent.url,
          message,
        }),
        page: async () => ['orchestrator/_changed', { register: registerForm(), agents: await agents(), message }],
      })
    } catch (error) {
      if (!(error instanceof AppError) || prefersJson(request)) throw error
      const register = registerForm(typed, error)
      return respond(request, reply.code(error.status), {
        json: () => undefined,
        partial: () => ['orchestrator/_register', register],
        page: () => page({ register }),
      })
    }
  })

  app.get('/orchestrator/:id/remove', async (request, reply) => {
    const { agent, runs } = orchestrator.agentWithRuns(byId.parse(request.params).id)
    const model = { ...agent, runs, path: `/orchestrator/${encodeURIComponent(agent.id)}` }
    return respond(request, reply, {
      json: () => ({ agent_id: agent.id, agent_name: agent.name, runs }),
      partial: () => ['orchestrator/_remove', model],
      page: () => ['orchestrator/remove', { title: `Remove ${agent.name}`, section: 'orchestrator', remove: model }],
    })
  })

  // What browsers send when JavaScript is off: forms know no DELETE.
  app.post('/orchestrator/:id/remove', async (request, reply) => {
    const agent = await orchestrator.remove(byId.parse(request.params).id)
    return redirectTo(request, reply, `/orchestrator?removed=${encodeURIComponent(agent.name)}`)
  })

  app.delete('/orchestrator/:id', async (request, reply) => {
    const agent = await orchestrator.remove(byId.parse(request.params).id)
    return respond(request, swapAs(reply, 'none'), {
      json: () => ({ status: 'deregistered', agent_id: agent.id }),
      page: async () => [
        'orchestrator/_changed',
        { register: undefined, agents: await agents(), message: `Removed ${agent.name}. Its runs stay.` },
      ],
    })
  })
}

/** The region `#register`: empty, or with what was typed and what is wrong with it. */
function registerForm(typed: Typed = {}, error?: AppError) {
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const mistake = (name: string) => error?.fields.find(({ field }: FieldError) => field === name)?.message ?? ''
  const field = (name: keyof Typed) => ({ value: text(typed[name]), error: mistake(name) })
  return {
    agentUrl: field('agent_url'),
    agentId: field('agent_id'),
    agentName: field('agent_name'),
    description: field('description'),
    problem: error && error.fields.length === 0 ? error.message : '',
  }
}
