import type { FastifyInstance } from 'fastify'
import { isKnown } from '../http/etag.ts'
import { isPartialRequest } from '../http/htmx.ts'
import { routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { overviewAsJson, presentOverview } from './page.ts'

export async function overviewRoutes(app: FastifyInstance) {
  const { orchestrator, agentsRegion } = app
  const tagNow = () => `W/"${orchestrator.overviewRevision()}.${agentsRegion.statesTag().slice(3)}`

  app.get(routes.overview, async (request, reply) => {
    const tag = tagNow()
    if (isPartialRequest(request) && isKnown(request, reply, tag)) return reply.code(304).send()
    const found = await orchestrator.overview()
    const overview = prefersJson(request) ? {} : await presentOverview(found, orchestrator.now(), tag)
    return respond(request, reply, {
      json: () => overviewAsJson(found),
      partial: () => ['overview/_overview', overview],
      page: () => ['overview/page', { title: 'Overview', section: 'overview', overview }],
    })
  })
}
