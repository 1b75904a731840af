import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { InvalidInputError } from '../../shared/errors.ts'
import { plural } from '../../shared/plural.ts'
import { isPartialRequest, redirectTo } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { idempotencyKey } from '../http/preferences.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { isJsonBody } from '../plugins/bodies.ts'
import { presentBulkJob, presentBulkQuestion } from './actions.ts'
import { type AskedBulk, readBulk } from './body.ts'
import { bulkJobAsJson } from './json.ts'
import { beginBulk, closeBulk, listBulk, showBulk, stopBulk } from './schemas.ts'

const reads = { needs: 'viewer' } as const
const runs = { needs: 'operator' } as const

export const bulkRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(routes.bulk, { config: runs, schema: beginBulk }, async (request, reply) => {
    const asked = readBulk(request)
    if (isJsonBody(request)) return begin(request, reply, asked)
    return asked.isConfirmed ? begin(request, reply, asked) : ask(request, reply, asked)
  })

  async function ask(request: FastifyRequest, reply: FastifyReply, { request: wanted, back }: AskedBulk) {
    const preview = await request.orchestrator.bulk.preview(wanted)
    const question = presentBulkQuestion(wanted.action, preview, { token: request.orchestrator.newToken(), back })
    return respond(request, reply, {
      json: () => undefined,
      partial: () => ['bulk/_question', question],
      page: () => ['bulk/question', { title: question.title, section: 'runs', question }],
    })
  }

  async function begin(request: FastifyRequest, reply: FastifyReply, asked: AskedBulk) {
    const { request: wanted, isConfirmed, back } = asked
    if (!isConfirmed) {
      const { runs, isExact } = await request.orchestrator.bulk.preview(wanted)
      const count = `${isExact ? '' : 'more than '}${plural(runs, 'run is', 'runs are')}`
      throw new InvalidInputError([
        { field: 'confirm', message: `Send "confirm": true to ${wanted.action} these: ${count} selected.` },
      ])
    }
    const job = await request.orchestrator.bulk.begin(
      wanted,
      idempotencyKey(request)?.value ?? asked.token,
      request.actor,
    )
    if (!prefersJson(request)) return redirectTo(request, reply, back)
    return reply.code(202).header('location', paths.bulkAction(job.id)).send(bulkJobAsJson(job))
  }

  app.get(routes.bulk, { config: reads, schema: listBulk }, async (request, reply) => {
    if (!prefersJson(request)) return redirectTo(request, reply, paths.runs())
    return { jobs: (await request.orchestrator.bulk.latest()).map(bulkJobAsJson) }
  })

  app.get(routes.bulkAction, { config: reads, schema: showBulk }, async (request, reply) =>
    sendJob(request, reply, request.params.id),
  )

  app.post(routes.stopBulkAction, { config: runs, schema: stopBulk }, async (request, reply) => {
    const { id } = request.params
    await request.orchestrator.bulk.stop(id, request.actor)
    if (!prefersJson(request) && !isPartialRequest(request)) return redirectTo(request, reply, paths.bulkAction(id))
    return sendJob(request, reply, id)
  })

  app.post(routes.closeBulkAction, { config: runs, schema: closeBulk }, async (request, reply) => {
    const { id } = request.params
    await request.orchestrator.bulk.close(id, request.actor)
    if (isPartialRequest(request)) return reply.type('text/html; charset=utf-8').send('')
    return prefersJson(request)
      ? bulkJobAsJson(await request.orchestrator.bulk.get(id))
      : redirectTo(request, reply, paths.runs())
  })

  async function sendJob(request: FastifyRequest, reply: FastifyReply, id: string) {
    const job = await request.orchestrator.bulk.get(id)
    const shown = presentBulkJob(job, request.times)
    return respond(request, reply, {
      json: () => bulkJobAsJson(job),
      partial: () => ['bulk/_action', shown],
      page: () => ['bulk/action', { title: shown.title, section: 'runs', job: shown }],
    })
  }
}
