import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { NotFoundError } from '../../shared/errors.ts'
import { isStrictJson } from '../../shared/json.ts'
import { redirectTo } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { idempotencyKey } from '../http/preferences.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { sendRestOfTree } from '../http/rest-of-tree.ts'
import { presentNodes } from '../nodes/nodes.ts'
import { runPageAsJson } from './json.ts'
import { presentRunPage } from './page.ts'

const byId = z.object({ id: z.string() })
const tokenBody = z.object({ token: z.string().optional() }).catch({})
const payload = z.object({ id: z.string(), name: z.enum(['inputs', 'outputs', 'config']) })

export async function runRoutes(app: FastifyInstance) {
  const { orchestrator } = app

  app.get(routes.run, async (request, reply) => {
    const found = await orchestrator.run(byId.parse(request.params).id)
    if (prefersJson(request)) return reply.type('application/json; charset=utf-8').send(runPageAsJson(found))
    const nodes = await presentNodes(found.run, await orchestrator.nodes.known(found.run))
    const run = { ...presentRunPage(found, request.times, orchestrator.newToken()), nodes }
    return respond(request, reply, {
      json: () => undefined,
      partial: () => ['runs/_run', run],
      page: () => ['runs/run', { title: run.title, section: 'runs', run }],
    })
  })

  app.post(routes.cancelRun, async (request, reply) => {
    const { id } = byId.parse(request.params)
    await orchestrator.cancel(id, request.actor)
    const { run } = await orchestrator.run(id)
    if (prefersJson(request)) return { run_id: id, status: run.status, message: run.error }
    return redirectTo(request, reply, paths.run(id))
  })

  app.post(routes.rerun, async (request, reply) => {
    const { id } = byId.parse(request.params)
    const runId = await orchestrator.rerun(id, keyOf(request), request.actor)
    const path = paths.run(runId)
    return prefersJson(request) ? { run_id: runId, redirect_url: path } : redirectTo(request, reply, path)
  })

  app.get(routes.payload, async (request, reply) => {
    const text = await textOf(request)
    return reply.type(isStrictJson(text) ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8').send(text)
  })

  app.get(routes.payloadTree, async (request, reply) => sendRestOfTree(request, reply, await textOf(request)))

  async function textOf(request: FastifyRequest): Promise<string> {
    const wanted = payload.safeParse(request.params)
    if (!wanted.success) throw new NotFoundError('page', request.url)
    return (await orchestrator.run(wanted.data.id)).run[wanted.data.name] ?? ''
  }
}

/** A form counts once by its token, a script by its Idempotency-Key. */
function keyOf(request: FastifyRequest): { scope: 'api' | 'form'; value: string } | undefined {
  const { token } = tokenBody.parse(request.body ?? {})
  return idempotencyKey(request) ?? (token ? { scope: 'form', value: token } : undefined)
}
