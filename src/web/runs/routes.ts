import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { NotFoundError } from '../../shared/errors.ts'
import { isStrictJson, jsonAt } from '../../shared/json.ts'
import { redirectTo } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { idempotencyKey } from '../http/preferences.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { sendRestOfTree } from '../http/rest-of-tree.ts'
import { presentNodes } from '../nodes/nodes.ts'
import { aroundRun } from './around.ts'
import { runPageAsJson } from './json.ts'
import { presentRunPage } from './page.ts'

const byId = z.object({ id: z.string() })
const tokenBody = z.object({ token: z.string().optional() }).catch({})
const query = z.object({ tab: z.string().optional() }).catch({})
/** A JSON pointer to a part of a payload; a text comes without its quotes. */
const place = z.object({ at: z.string().optional() }).catch({})
const payload = z.object({ id: z.string(), name: z.enum(['inputs', 'outputs', 'config']) })

export async function runRoutes(app: FastifyInstance) {
  const { orchestrator } = app

  app.get(routes.run, async (request, reply) => {
    const found = await orchestrator.run(byId.parse(request.params).id)
    if (prefersJson(request)) return reply.type('application/json; charset=utf-8').send(runPageAsJson(found))
    const { tab } = query.parse(request.query)
    const around = await aroundRun(orchestrator, found)
    const shown = presentRunPage(found, around, { times: request.times, token: orchestrator.newToken(), tab })
    const nodes =
      shown.tab === 'nodes' ? await presentNodes(found.run, await orchestrator.nodes.known(found.run)) : undefined
    const run = { ...shown, nodes }
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

  app.get(routes.runCurl, async (request, reply) => {
    const { sentTo } = await orchestrator.run(byId.parse(request.params).id)
    if (sentTo?.curl === undefined) throw new NotFoundError('page', request.url)
    return reply.type('text/plain; charset=utf-8').send(sentTo.curl)
  })

  app.get(routes.payload, async (request, reply) => {
    const text = await textOf(request)
    const { at } = place.parse(request.query)
    const part = at === undefined ? text : jsonAt(text, at)
    if (part === undefined) throw new NotFoundError('page', request.url)
    if (at !== undefined && part.startsWith('"') && isStrictJson(part))
      return sendAs(reply, 'text/plain', JSON.parse(part))
    return sendAs(reply, isStrictJson(part) ? 'application/json' : 'text/plain', part)
  })

  app.get(routes.payloadTree, async (request, reply) => sendRestOfTree(request, reply, await textOf(request)))

  async function textOf(request: FastifyRequest): Promise<string> {
    const wanted = payload.safeParse(request.params)
    if (!wanted.success) throw new NotFoundError('page', request.url)
    return (await orchestrator.run(wanted.data.id)).run[wanted.data.name] ?? ''
  }
}

function sendAs(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply.type(`${type}; charset=utf-8`).send(text)
}

/** A form counts once by its token, a script by its Idempotency-Key. */
function keyOf(request: FastifyRequest): { scope: 'api' | 'form'; value: string } | undefined {
  const { token } = tokenBody.parse(request.body ?? {})
  return idempotencyKey(request) ?? (token ? { scope: 'form', value: token } : undefined)
}
