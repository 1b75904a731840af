import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { NotFoundError } from '../../errors.ts'
import { isStrictJson, jsonAt } from '../../json.ts'
import { redirectTo } from '../htmx.ts'
import { idempotencyKey } from '../preferences.ts'
import { presentTree } from '../presenters/json-tree.ts'
import { presentRunPage, runPageAsJson } from '../presenters/run.ts'
import { presentRuns, runPath, runsAsJson } from '../presenters/runs.ts'
import { prefersJson, respond } from '../respond.ts'

/** A form sends the fields that were left alone as empty strings; of a field that stands twice the last one counts. */
const field = z
  .union([z.string(), z.array(z.string()).transform((values) => values.at(-1)!)])
  .optional()
  .transform((text) => text || undefined)
const listQuery = z.object({ agent: field, status: field, older: field, newer: field })
const byId = z.object({ id: z.string() })
/** Where a tree was cut: a JSON pointer, and how many members stand before. */
const cut = z.object({ at: z.string().default(''), from: z.coerce.number().int().min(0).catch(0) })
const tokenBody = z.object({ token: z.string().optional() }).catch({})
const payload = z.object({ id: z.string(), name: z.enum(['inputs', 'outputs']) })

/** The run history and each run. */
export async function runRoutes(app: FastifyInstance) {
  const { orchestrator } = app

  app.get('/runs', async (request, reply) => {
    const list = orchestrator.runs(listQuery.parse(request.query))
    const runs = () => presentRuns(list, orchestrator.now())
    return respond(request, reply, {
      json: () => runsAsJson(list),
      partial: () => ['runs/_runs', runs()],
      page: () => ['runs/page', { title: 'Runs', section: 'runs', runs: runs() }],
    })
  })

  app.get('/runs/:id', async (request, reply) => {
    const found = orchestrator.run(byId.parse(request.params).id)
    if (prefersJson(request)) return reply.type('application/json; charset=utf-8').send(runPageAsJson(found))
    const run = presentRunPage(found, orchestrator.now(), orchestrator.newToken())
    return respond(request, reply, {
      json: () => undefined,
      partial: () => ['runs/_run', run],
      page: () => ['runs/run', { title: run.title, section: 'runs', run }],
    })
  })

  app.post('/runs/:id/cancel', async (request, reply) => {
    const { id } = byId.parse(request.params)
    await orchestrator.cancel(id)
    const { run } = orchestrator.run(id)
    if (prefersJson(request)) return { run_id: id, status: run.status, message: run.error }
    return redirectTo(request, reply, runPath(id))
  })

  app.post('/runs/:id/rerun', async (request, reply) => {
    const { id } = byId.parse(request.params)
    const runId = await orchestrator.rerun(id, keyOf(request))
    const path = runPath(runId)
    return prefersJson(request) ? { run_id: runId, redirect_url: path } : redirectTo(request, reply, path)
  })

  app.get('/runs/:id/:name', async (request, reply) => {
    const text = textOf(request)
    return reply.type(isStrictJson(text) ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8').send(text)
  })

  app.get('/runs/:id/:name/tree', async (request, reply) => {
    const text = textOf(request)
    const { at, from } = cut.parse(request.query)
    const value = jsonAt(text, at)
    if (value === undefined) throw new NotFoundError('page', request.url)
    return reply.view('runs/_rest', { node: presentTree(value, at, from), treePath: request.url.split('?')[0] })
  })

  function textOf(request: FastifyRequest): string {
    const wanted = payload.safeParse(request.params)
    if (!wanted.success) throw new NotFoundError('page', request.url)
    return orchestrator.run(wanted.data.id).run[wanted.data.name] ?? ''
  }
}

/** A form counts once by the token it was printed with, a script by the key it chose. */
function keyOf(request: FastifyRequest): { scope: 'api' | 'form'; value: string } | undefined {
  const { token } = tokenBody.parse(request.body ?? {})
  return idempotencyKey(request) ?? (token ? { scope: 'form', value: token } : undefined)
}
