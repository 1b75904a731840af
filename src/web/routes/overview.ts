import type { FastifyInstance } from 'fastify'
import { overviewAsJson, presentOverview } from '../presenters/overview.ts'
import { respond } from '../respond.ts'

/** The first page. */
export async function overviewRoutes(app: FastifyInstance) {
  const { orchestrator } = app

  app.get('/', async (request, reply) => {
    const found = orchestrator.overview()
    const overview = () => presentOverview(found, orchestrator.now())
    return respond(request, reply, {
      json: () => overviewAsJson(found),
      partial: () => ['overview/_overview', overview()],
      page: () => ['overview/page', { title: 'Overview', section: 'overview', overview: overview() }],
    })
  })
}
