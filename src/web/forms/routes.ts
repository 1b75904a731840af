import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { ExecuteForm } from '../../orchestrator/forms/execute-form.ts'
import { AgentUnavailableError, type AppError } from '../../shared/errors.ts'
import { jsonMembers } from '../../shared/json.ts'
import { hasEnded } from '../../shared/run-status.ts'
import { published } from '../http/base-path.ts'
import { isPartialRequest, redirectTo } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { callersTrace, idempotencyKey, preferredWait } from '../http/preferences.ts'
import { prefersJson, respond, sendJsonText } from '../http/respond.ts'
import { isJsonBody } from '../plugins/bodies.ts'
import { runPageAsJson } from '../runs/json.ts'
import { executeFormAsJson, presentExecute, presentExecuteProblem } from './form.ts'
import { executeAgent, showExecute, showSchema } from './schemas.ts'
import { readTypedForm } from './typed-form.ts'

const reads = { needs: 'viewer' } as const
const runs = { needs: 'operator' } as const

export const executeRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.agentSchema, { config: reads, schema: showSchema }, async (request, reply) => {
    const { text } = await request.orchestrator.schema(request.params.id)
    return sendJsonText(reply, text)
  })

  app.get(routes.execute, { config: runs, schema: showExecute }, async (request, reply) => {
    const { id } = request.params
    try {
      return sendForm(request, reply, await request.orchestrator.forms.open(id, request.query))
    } catch (error) {
      if (!(error instanceof AgentUnavailableError)) throw error
      return sendProblem(request, reply, id, error)
    }
  })

  app.post(routes.execute, { config: runs, schema: executeAgent }, async (request, reply) => {
    const { id } = request.params
    const asked = { key: idempotencyKey(request), trace: callersTrace(request) }
    if (isJsonBody(request))
      return accepted(request, reply, await request.orchestrator.execute(id, inputsIn(request), asked, request.actor))
    const typed = readTypedForm(request.body)
    if (typed.op !== '') return sendForm(request, reply, await request.orchestrator.forms.change(id, typed, typed.op))
    const result = await request.orchestrator.forms.submit(id, typed, asked, request.actor)
    if ('runId' in result) return accepted(request, reply, result.runId)
    const failure = request.orchestrator.forms.failure(result.refused)
    if (prefersJson(request)) throw failure
    return sendForm(request, reply, result.refused, failure.status)
  })

  async function accepted(request: FastifyRequest, reply: FastifyReply, runId: string): Promise<FastifyReply> {
    const path = paths.run(runId)
    if (!prefersJson(request)) return redirectTo(request, reply, path)
    const waitMs = preferredWait(request, reply)
    if (waitMs === undefined) return reply.send({ run_id: runId, redirect_url: path })
    await request.orchestrator.ended(runId, waitMs)
    const found = await request.orchestrator.run(runId)
    const { status } = found.run
    if (!hasEnded(status)) return reply.send({ run_id: runId, redirect_url: path, status })
    const rest = runPageAsJson(found).slice(1)
    return sendJsonText(reply, `{"redirect_url":${JSON.stringify(path)},${rest}`)
  }

  function sendForm(request: FastifyRequest, reply: FastifyReply, form: ExecuteForm, status = 200) {
    if (prefersJson(request)) return sendJsonText(reply, executeFormAsJson(form))
    return send(request, reply.code(status), presentExecute(form, request.times))
  }

  function sendProblem(request: FastifyRequest, reply: FastifyReply, id: string, error: AppError) {
    if (prefersJson(request)) throw error
    return send(
      request,
      reply.code(error.status),
      presentExecuteProblem(request.orchestrator.agent(id), error.message, published(request.url)),
    )
  }
}

function send(request: FastifyRequest, reply: FastifyReply, execute: { name: string }) {
  // Going back finds the same token, also with a cookie that was set since: Execute again makes no second run.
  if (!isPartialRequest(request)) reply.headers({ 'cache-control': 'private, no-cache', vary: 'accept, hx-request' })
  return respond(request, reply, {
    json: () => undefined,
    partial: () => ['forms/_execute', execute],
    page: () => ['forms/execute', { title: `Execute ${execute.name}`, section: 'orchestrator', execute }],
  })
}

/** Their exact text: the agent gets these bytes. */
function inputsIn({ jsonText }: FastifyRequest): string {
  return jsonMembers(jsonText)!.get('inputs')!
}
