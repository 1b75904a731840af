import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { isPartialRequest } from '../http/htmx.ts'
import { idOf } from '../http/params.ts'
import { paths, routes } from '../http/paths.ts'
import { readListQuery } from './list-query.ts'
import { presentPeek } from './peek.ts'
import { presentRows } from './rows.ts'
import { usualOf } from './usual.ts'

const above = z.object({ have: z.coerce.number().int().nonnegative().catch(0), group: z.string().catch('') })
const ofAbove = ['have', 'group']

/** What is added to a list on the page: further rows, and the panel of one run. */
export async function furtherRunRoutes(app: FastifyInstance) {
  const { orchestrator } = app

  app.get(routes.furtherRuns, async (request, reply) => {
    const { query, ...context } = await readListQuery(orchestrator.runQueries, request, ofAbove)
    if (!isPartialRequest(request)) return reply.redirect(context.links.same())
    const { have, group } = above.parse(request.query)
    const list = await orchestrator.runList.list(query)
    const shown = { times: request.times, usualOf: await usualOf(orchestrator, list) }
    return reply.view('history/_further', presentRows(list, context, shown, { rows: have, group }))
  })

  app.get(routes.peek, async (request, reply) => {
    const id = idOf(request)
    const peek = presentPeek(await orchestrator.run(id), request.times)
    if (!isPartialRequest(request)) return reply.redirect(paths.run(id))
    return reply.view('history/_peek', peek)
  })
}
