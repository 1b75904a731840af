import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { NotFoundError } from '../../shared/errors.ts'
import { isStrictJson, jsonAt } from '../../shared/json.ts'
import { redirectTo } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { idempotencyKey, preferredWait } from '../http/preferences.ts'
import { prefersJson, respond, sendJsonText } from '../http/respond.ts'
import { sendRestOfTree } from '../http/rest-of-tree.ts'
import { presentNodes } from '../nodes/nodes.ts'
import { aroundRun } from './around.ts'
import { runPageAsJson } from './json.ts'
import { presentRunPage } from './page.ts'
import { cancelRun, rerun, showCurl, showPayload, showPayloadTree, showRun } from './schemas.ts'

const reads = { needs: 'viewer' } as const
const runs = { needs: 'operator' } as const

export const runRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.run, { config: reads, schema: showRun }, async (request, reply) => {
    const { id } = request.params
    const waitMs = prefersJson(request) ? preferredWait(request, reply) : undefined
    if (waitMs !== undefined) await request.orchestrator.ended(id, waitMs)
    const found = await request.orchestrator.run(id)
    if (prefersJson(request)) return sendJsonText(reply, runPageAsJson(found))
    const { tab } = request.query
    const around = await aroundRun(request.orchestrator, found)
    const shown = presentRunPage(found, around, { times: request.times, token: request.orchestrator.newToken(), tab })
    const nodes =
      shown.tab === 'nodes'
        ? await presentNodes(found.run, await request.orchestrator.nodes.known(found.run))
        : undefined
    const run = { ...shown, nodes }
    return respond(request, reply, {
      json: () => undefined,
      partial: () => ['runs/_run', run],
      page: () => ['runs/run', { title: run.title, section: 'runs', run }],
    })
  })

  app.post(routes.cancelRun, { config: runs, schema: cancelRun }, async (request, reply) => {
    const { id } = request.params
    await request.orchestrator.cancel(id, request.actor)
    const { run } = await request.orchestrator.run(id)
    if (prefersJson(request)) return { run_id: id, status: run.status, message: run.error }
    return redirectTo(request, reply, paths.run(id))
  })

  app.post(routes.rerun, { config: runs, schema: rerun }, async (request, reply) => {
    const key = keyOf(request, request.body.token)
    const runId = await request.orchestrator.rerun(request.params.id, key, request.actor)
    const path = paths.run(runId)
    return prefersJson(request) ? { run_id: runId, redirect_url: path } : redirectTo(request, reply, path)
  })

  app.get(routes.runCurl, { config: reads, schema: showCurl }, async (request, reply) => {
    const { sentTo } = await request.orchestrator.run(request.params.id)
    if (sentTo?.curl === undefined) throw new NotFoundError('page', request.url)
    return reply.type('text/plain; charset=utf-8').send(sentTo.curl)
  })

  app.get(routes.payload, { config: reads, schema: showPayload }, async (request, reply) => {
    const text = await textOf(request, request.params)
    const { at } = request.query
    const part = at === undefined ? text : jsonAt(text, at)
    if (part === undefined) throw new NotFoundError('page', request.url)
    if (at !== undefined && part.startsWith('"') && isStrictJson(part))
      return sendAs(reply, 'text/plain', JSON.parse(part))
    return sendAs(reply, isStrictJson(part) ? 'application/json' : 'text/plain', part)
  })

  app.get(routes.payloadTree, { config: reads, schema: showPayloadTree }, async (request, reply) =>
    sendRestOfTree(request, reply, await textOf(request, request.params), request.query),
  )

  async function textOf(
    { orchestrator }: FastifyRequest,
    { id, name }: { id: string; name: 'inputs' | 'outputs' | 'config' },
  ): Promise<string> {
    return (await orchestrator.run(id)).run[name] ?? ''
  }
}

function sendAs(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply.type(`${type}; charset=utf-8`).send(text)
}

/** A form counts once by its token, a script by its Idempotency-Key. */
function keyOf(request: FastifyRequest, token?: string): { scope: 'api' | 'form'; value: string } | undefined {
  return idempotencyKey(request) ?? (token ? { scope: 'form', value: token } : undefined)
}
