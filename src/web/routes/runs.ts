import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { NotFoundError } from '../../errors.ts'
import { isStrictJson } from '../../json.ts'
import { presentRunPage, runPageAsJson } from '../presenters/run.ts'
import { presentRuns, runsAsJson } from '../presenters/runs.ts'
import { prefersJson, respond } from '../respond.ts'

/** A form sends the fields that were left alone as empty strings; of a field that stands twice the last one counts. */
const field = z
  .union([z.string(), z.array(z.string()).transform((values) => values.at(-1)!)])
  .optional()
  .transform((text) => text || undefined)
const listQuery = z.object({ agent: field, status: field, older: field, newer: field })
const byId = z.object({ id: z.string() })
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
    const run = presentRunPage(found, orchestrator.now())
    return respond(request, reply, {
      json: () => undefined,
      partial: () => ['runs/_run', run],
      page: () => ['runs/run', { title: run.title, section: 'runs', run }],
    })
  })

  app.get('/runs/:id/:name', async (request, reply) => {
    const wanted = payload.safeParse(request.params)
    if (!wanted.success) throw new NotFoundError('page', request.url)
    const { run } = orchestrator.run(wanted.data.id)
    const text = run[wanted.data.name] ?? ''
    return reply.type(isStrictJson(text) ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8').send(text)
  })
}
