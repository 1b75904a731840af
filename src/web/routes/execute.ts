import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AgentUnavailableError, type AppError, InvalidInputError } from '../../errors.ts'
import { jsonMembers } from '../../json.ts'
import type { TypedInputs } from '../../orchestrator/inputs.ts'
import { isJsonBody } from '../bodies.ts'
import { redirectTo } from '../htmx.ts'
import { inputPrefix, presentExecute, presentExecuteProblem } from '../presenters/execute.ts'
import { runPath } from '../presenters/runs.ts'
import { prefersJson, respond } from '../respond.ts'

const byId = z.object({ id: z.string() })
const formBody = z.record(z.string(), z.union([z.string(), z.array(z.string())])).catch({})

/** The execute dialog and what it sends. */
export async function executeRoutes(app: FastifyInstance) {
  const { orchestrator } = app

  app.get('/orchestrator/:id/schema', async (request, reply) => {
    const { text } = await orchestrator.schema(byId.parse(request.params).id)
    return reply.type('application/json; charset=utf-8').send(text)
  })

  app.get('/orchestrator/:id/execute', async (request, reply) => {
    const { id } = byId.parse(request.params)
    try {
      const { agent, schema } = await orchestrator.schema(id)
      return sendForm(request, reply, presentExecute(agent, schema))
    } catch (error) {
      if (!(error instanceof AgentUnavailableError)) throw error
      return sendForm(
        request,
        reply.code(error.status),
        presentExecuteProblem(orchestrator.agent(id), error.message),
        error,
      )
    }
  })

  app.post('/orchestrator/:id/execute', async (request, reply) => {
    const { id } = byId.parse(request.params)
    if (isJsonBody(request)) return accepted(request, reply, await orchestrator.execute(id, readInputs(request)))
    const typed = readTyped(request.body)
    try {
      return accepted(request, reply, await orchestrator.executeForm(id, typed))
    } catch (error) {
      if (!(error instanceof InvalidInputError) || prefersJson(request)) throw error
      const { agent, schema } = await orchestrator.knownSchema(id)
      return sendForm(
        request,
        reply.code(error.status),
        presentExecute(agent, schema, { typed, errors: error.fields }),
        error,
      )
    }
  })
}

function accepted(request: FastifyRequest, reply: FastifyReply, runId: string): FastifyReply {
  const path = runPath(runId)
  return prefersJson(request) ? reply.send({ run_id: runId, redirect_url: path }) : redirectTo(request, reply, path)
}

type ExecuteForm = ReturnType<typeof presentExecute> | ReturnType<typeof presentExecuteProblem>

function sendForm(request: FastifyRequest, reply: FastifyReply, execute: ExecuteForm, error?: AppError) {
  return respond(request, reply, {
    json: () => {
      if (error) throw error
      return { agent_name: execute.name, workflow: execute.workflow, inputs: execute.fields }
    },
    partial: () => ['orchestrator/_execute', execute],
    page: () => ['orchestrator/execute', { title: `Execute on ${execute.name}`, section: 'orchestrator', execute }],
  })
}

/** The text of `inputs` as it stands in the body: the agent gets these very bytes. */
function readInputs({ jsonText }: FastifyRequest): string {
  const inputs = (jsonText === '' ? undefined : jsonMembers(jsonText))?.get('inputs') ?? ''
  if (inputs.startsWith('{')) return inputs
  const message = inputs === '' ? 'The request needs an object "inputs".' : '"inputs" must be an object.'
  throw new InvalidInputError([{ field: 'inputs', message }])
}

function readTyped(body: unknown): TypedInputs {
  const fields = Object.entries(formBody.parse(body ?? {})).filter(([name]) => name.startsWith(inputPrefix))
  return new Map(
    fields.map(([name, value]) => [name.slice(inputPrefix.length), Array.isArray(value) ? value.at(-1)! : value]),
  )
}
