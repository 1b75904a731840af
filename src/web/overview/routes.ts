import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'

import { minuteMs } from '../../shared/time/durations.ts'
import { utc } from '../../shared/time/zone.ts'

import { firstUsePage } from '../agents/list-page.ts'
import { isoTime } from '../format/times.ts'
import { checkedAtHeader, contentTag, isKnown, notModified } from '../http/etag.ts'
import { isPartialRequest } from '../http/htmx.ts'
import { routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { overviewAsJson } from './json.ts'
import { presentOverview } from './page.ts'
import { showOverview } from './schemas.ts'

const own = { title: 'Overview', section: 'overview' }

export const overviewRoutes: FastifyPluginAsyncZod = async (app) => {
  /** Latencies and times of checks count for nothing here: only what an agent is found to be. */
  function statesOf(request: FastifyRequest): string {
    // The hours of checks move on.
    const slot = Math.floor(app.orchestrator.now() / (2 * minuteMs))
    return `${slot} ${request.zone.name} ${request.actor.role} ${app.agentsRegion(request).statesTag()}`
  }

  const revisionOf = (request: FastifyRequest) =>
    `${request.orchestrator.overviewRevision(request.zone)} ${statesOf(request)}`

  const onRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    reply.header(checkedAtHeader, isoTime(request.orchestrator.checkedAt()) ?? '')
    done()
  }

  const reads = { config: { needs: 'viewer', revisionOf }, onRequest } as const

  app.get(routes.overview, { ...reads, schema: showOverview }, async (request, reply) => {
    if (prefersJson(request)) return overviewAsJson(await request.orchestrator.overview(utc))
    const { zone, times } = request
    const found = await request.orchestrator.overview(zone)
    const named = [...found.fleet.troubled, ...found.fleet.others].map(({ id, name, health }) => [
      id,
      name,
      health.since,
    ])
    const tag = contentTag([found.runs, named, statesOf(request)])
    request.keepTag(tag)
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
