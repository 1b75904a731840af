import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { isPartialRequest } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { readListQuery } from './list-query.ts'
import { presentPeek } from './peek.ts'
import { presentRows } from './rows.ts'
import { listFurther, peekRun } from './schemas.ts'
import { usualOf } from './usual.ts'

const reads = { needs: 'viewer' } as const
const ofAbove = ['have', 'group']

export const furtherRunRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.furtherRuns, { config: reads, schema: listFurther }, async (request, reply) => {
    const { query, ...context } = await readListQuery(request.orchestrator.runQueries, request, ofAbove)
    if (!isPartialRequest(request)) return reply.redirect(context.links.same())
    const { have, group } = request.query
    const list = await request.orchestrator.runList.list(query)
    const shown = { times: request.times, usualOf: await usualOf(request.orchestrator, list) }
    return reply.view('history/_further', presentRows(list, context, shown, { rows: have, group }))
  })

  app.get(routes.peek, { config: reads, schema: peekRun }, async (request, reply) => {
    const { id } = request.params
    const peek = presentPeek(await request.orchestrator.run(id), request.times)
    if (!isPartialRequest(request)) return reply.redirect(paths.run(id))
    return reply.view('history/_peek', peek)
  })
}
