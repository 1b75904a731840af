import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { minuteMs } from '../../shared/time/durations.ts'
import { utc, type Zone } from '../../shared/time/zone.ts'
import { firstUsePage } from '../agents/list-page.ts'
import { isoTime } from '../format/times.ts'
import { isKnown, notModified, tagIn } from '../http/etag.ts'
import { isPartialRequest } from '../http/htmx.ts'
import { routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { overviewAsJson } from './json.ts'
import { presentOverview } from './page.ts'
import { showOverview } from './schemas.ts'

const own = { title: 'Overview', section: 'overview' }

export const overviewRoutes: FastifyPluginAsyncZod = async (app) => {
  // The hours of checks move on.
  const slot = () => Math.floor(app.orchestrator.now() / (2 * minuteMs))
  function tagNow(request: FastifyRequest, zone: Zone): string {
    const states = app.agentsRegion(request).statesTag().slice(3)
    return tagIn(zone, `W/"${request.orchestrator.overviewRevision(zone)}.${slot()}.${states}`)
  }

  app.get(routes.overview, { config: { needs: 'viewer' }, schema: showOverview }, async (request, reply) => {
    const isJson = prefersJson(request)
    const zone = isJson ? utc : request.zone
    const tag = tagNow(request, zone)
    reply.header('x-checked-at', isoTime(request.orchestrator.checkedAt()) ?? '')
    if (isPartialRequest(request) && isKnown(request, reply, tag)) return notModified(reply)
    const found = await request.orchestrator.overview(zone)
    const overview = isJson ? {} : presentOverview(found, request.times, tag)
    const { list, runs } = found
    const isFirstUse = list.agents.length === 0 && runs.newestAt === undefined && runs.reading === undefined
    return respond(request, reply, {
      json: () => overviewAsJson(found),
      partial: () => ['overview/_overview', overview],
      page: () => (isFirstUse ? firstUsePage(app, request, own) : ['overview/page', { ...own, overview }]),
    })
  })
}
