import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { InvalidInputError } from '../../shared/errors.ts'
import { utc } from '../../shared/time/zone.ts'
import { contentTag, isKnown, notModified } from '../http/etag.ts'
import { isPartialRequest } from '../http/htmx.ts'
import { routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { presentRunChart, runChartAsJson } from './chart.ts'
import { readListQuery } from './list-query.ts'
import { chartRuns, helpSearch, listFieldNames } from './schemas.ts'

const reads = { needs: 'viewer' } as const

export const runChartRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.runChart, { config: reads, schema: chartRuns }, async (request, reply) => {
    if (prefersJson(request)) await request.orchestrator.runQueries.checked(request.query)
    const { query, links } = await readListQuery(request.orchestrator.runQueries, request)
    await request.orchestrator.runList.count(query, true)
    const figures = await request.orchestrator.runList.figures(query, prefersJson(request) ? utc : request.zone)
    const chart = presentRunChart(figures, { query, links, isAbove: isPartialRequest(request), times: request.times })
    if (isPartialRequest(request) && isKnown(request, reply, contentTag(chart))) return notModified(reply)
    return respond(request, reply, {
      json: () => runChartAsJson(figures),
      partial: () => ['history/_chart', chart],
      page: () => ['history/chart', { title: 'Runs over time', section: 'runs', chart, listPath: links.same() }],
    })
  })

  app.get(routes.searchHelp, { config: reads, schema: helpSearch }, async (request, reply) =>
    respond(request, reply, {
      json: () => undefined,
      partial: () => ['history/filters/_search-help', {}],
      page: () => ['history/filters/search-help', { title: 'How to search', section: 'runs' }],
    }),
  )

  app.get(routes.searchFields, { config: reads, schema: listFieldNames }, async (request, reply) => {
    const { query, errors } = await readListQuery(request.orchestrator.runQueries, request)
    const unknown = errors.filter(({ isUnknown }) => isUnknown)
    if (unknown.length > 0) throw new InvalidInputError(unknown.map(({ field, message }) => ({ field, message })))
    return reply
      .header('cache-control', 'private, max-age=30')
      .send(await request.orchestrator.runList.fields(query.filter.agents))
  })
}
