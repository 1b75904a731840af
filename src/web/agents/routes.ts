import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { plural } from '../../shared/plural.ts'
import { diagnosisAsJson } from '../doctor/diagnosis.ts'
import { isFromPage, isPartialRequest, redirectTo, swapAs } from '../http/htmx.ts'
import { paths, pathsOfAgentPage, routes } from '../http/paths.ts'
import { prefersJson, respond, type View } from '../http/respond.ts'
import { agentRoutes } from '../registry/routes.ts'
import { agentsAsJson } from './list.ts'
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
/** `instead` is the URL of a button that tests another one than was typed. */
const testBody = registrationBody
  .unwrap()
  .extend({ instead: z.string().optional().catch(undefined) })
  .catch({})

const byId = z.object({ id: z.string() })
const pageQuery = z
  .object({ registered: z.string(), removed: z.string(), execute: z.string(), inputs: z.string(), from: z.string() })
  .partial()
  .catch({})

/** The page of the agents; registering and removing them. */
export async function orchestratorRoutes(app: FastifyInstance) {
  const { orchestrator } = app
  const agents = app.agentsRegion.printed

  const page = async (model: object): Promise<View> => [
    'agents/page',
    {
      title: 'Orchestrator',
      section: 'orchestrator',
      agents: await agents(),
      register: presentRegisterForm(),
      message: '',
      problem: '',
      execute: undefined,
      ...model,
    },
  ]

  const showPage = async (request: FastifyRequest, reply: FastifyReply) => {
    const query = pageQuery.parse(request.query)
    const { registered, removed } = query
    const message = registered ? `Registered ${registered}.` : removed ? `Removed ${removed}. Its runs stay.` : ''
    return respond(request, reply, {
      json: () => agentsAsJson(orchestrator.agents()),
      page: () => page({ message, ...executeLink(query) }),
    })
  }
  app.get(routes.agents, showPage)
  await app.register(agentRoutes, { showList: showPage })

  /** What a link to a filled-in form leads to: the dialog, which opens by itself, or its page. */
  function executeLink({ execute: id, inputs, from }: z.output<typeof pageQuery>) {
    if (id === undefined) return {}
    const agent = orchestrator.agents().agents.find((one) => one.id === id)
    if (!agent) return { problem: `There is no agent "${id}" to execute.` }
    const filled = new URLSearchParams({ ...(inputs && { inputs }), ...(from && { from }) })
    return { execute: { name: agent.name, path: paths.execute(id, filled.toString()) } }
  }

  app.get(routes.register, async (request, reply) =>
    isPartialRequest(request) ? reply.view('agents/_register', presentRegisterForm()) : reply.redirect(paths.agents()),
  )

  app.post(routes.register, async (request, reply) => {
    const typed = registrationBody.parse(request.body)
    try {
      const { agent, isUpdate } = await orchestrator.register(typed)
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
        page: async () => ['agents/_changed', { register: presentRegisterForm(), agents: await agents(), message }],
      })
    } catch (error) {
      if (!(error instanceof AppError) || prefersJson(request)) throw error
      const register = presentRegisterForm(typed, { error })
      return respond(request, reply.code(error.status), {
        json: () => undefined,
        partial: () => ['agents/_register', register],
        page: () => page({ register }),
      })
    }
  })

  app.post(routes.testUrl, async (request, reply) => {
    const { instead, ...sent } = testBody.parse(request.body)
    const typed = instead === undefined ? sent : { ...sent, agent_url: instead }
    const diagnosis = await orchestrator.diagnose(typed.agent_url, typed.agent_id)
    const register = presentRegisterForm(typed, { diagnosis })
    return respond(request, reply, {
      json: () => diagnosisAsJson(diagnosis),
      partial: () => ['agents/_register', register],
      page: () => page({ register }),
    })
  })

  app.get(routes.removeAgent, async (request, reply) => {
    const { agent, runs } = orchestrator.agentWithRuns(byId.parse(request.params).id)
    const model = {
      ...agent,
      runs,
      runsStay: plural(runs, 'run stays', 'runs stay'),
      path: paths.agent(agent.id),
      formPath: paths.removeAgent(agent.id),
    }
    return respond(request, reply, {
      json: () => ({ agent_id: agent.id, agent_name: agent.name, runs }),
      partial: () => ['agents/_remove', model],
      page: () => ['agents/remove', { title: `Remove ${agent.name}`, section: 'orchestrator', remove: model }],
    })
  })

  // What browsers send when JavaScript is off: forms know no DELETE.
  app.post(routes.removeAgent, async (request, reply) => {
    const agent = await orchestrator.remove(byId.parse(request.params).id)
    return redirectTo(request, reply, paths.agents({ removed: agent.name }))
  })

  app.delete(routes.agent, async (request, reply) => {
    const agent = await orchestrator.remove(byId.parse(request.params).id)
    // Pages that are about this agent alone have nothing more to show.
    if (isFromPage(request, [...pathsOfAgentPage(agent.id), paths.removeAgent(agent.id)])) {
      return redirectTo(request, reply, paths.agents({ removed: agent.name }))
    }
    return respond(request, swapAs(reply, 'none'), {
      json: () => ({ status: 'deregistered', agent_id: agent.id }),
      page: async () => [
        'agents/_changed',
        { register: undefined, agents: await agents(), message: `Removed ${agent.name}. Its runs stay.` },
      ],
    })
  })
}
