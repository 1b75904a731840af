import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'

import { minuteMs } from '../../shared/time/durations.ts'
import { utc } from '../../shared/time/zone.ts'

import { firstUsePage } from '../agents/list-page.ts'
import { isoTime } from '../format/times.ts'
import { contentTag, createKnownTags, isKnown, notModified } from '../http/etag.ts'
import { isPartialRequest } from '../http/htmx.ts'
import { routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { overviewAsJson } from './json.ts'
import { presentOverview } from './page.ts'
import { showOverview } from './schemas.ts'

const own = { title: 'Overview', section: 'overview' }

export const overviewRoutes: FastifyPluginAsyncZod = async (app) => {
  const tags = createKnownTags()

  /** Latencies and times of checks count for nothing here: only what an agent is found to be. */
  function statesOf(request: FastifyRequest): string {
    // The hours of checks move on.
    const slot = Math.floor(app.orchestrator.now() / (2 * minuteMs))
    return `${slot} ${request.zone.name} ${request.actor.role} ${app.agentsRegion(request).statesTag()}`
  }

  app.get(routes.overview, { config: { needs: 'viewer' }, schema: showOverview }, async (request, reply) => {
    reply.header('x-checked-at', isoTime(request.orchestrator.checkedAt()) ?? '')
    if (prefersJson(request)) return overviewAsJson(await request.orchestrator.overview(utc))
    const { zone, times } = request
    const revision = () => `${request.orchestrator.overviewRevision(zone)} ${statesOf(request)}`
    const before = revision()
    const known = tags.of(before)
    if (isPartialRequest(request) && known !== undefined && isKnown(request, reply, known)) return notModified(reply)
    const found = await request.orchestrator.overview(zone)
    const named = [...found.fleet.troubled, ...found.fleet.others].map(({ id, name, health }) => [
      id,
      name,
      health.since,
    ])
    const tag = contentTag([found.runs, named, statesOf(request)])
    tags.keep(before, revision(), tag)
    if (isPartialRequest(request) && isKnown(request, reply, tag)) return notModified(reply)
    const { list, runs } = found
    const isFirstUse = list.agents.length === 0 && runs.newestAt === undefined && runs.reading === undefined
    const overview = presentOverview(found, times, tag)
    return respond(request, reply, {
      json: () => undefined,
      partial: () => ['overview/_overview', overview],
      page: () => (isFirstUse ? firstUsePage(app, request, own) : ['overview/page', { ...own, overview }]),
    })
  })
}
