import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { BulkActionProgress } from '../../orchestrator/bulk/progress.ts'
import type { RunQuery } from '../../orchestrator/history/filter.ts'
import type { RunList } from '../../orchestrator/history/list.ts'
import { InvalidInputError } from '../../shared/errors.ts'
import { contentTag, isKnown } from '../http/etag.ts'
import { isFormRequest, isPartialRequest, pushAs } from '../http/htmx.ts'
import { routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { presentRunChart } from './chart.ts'
import { areUsual } from './columns.ts'
import { createRunLinks } from './links.ts'
import { presentRows, presentRuns, type RunPageState } from './list.ts'
import { runsAsJson } from './list-json.ts'

const fields = z.record(z.string(), z.unknown())
const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())])
const poll = z.object({
  top: z.string().optional().catch(undefined),
  shown: texts.catch([]),
})
const further = z.object({ have: z.coerce.number().int().nonnegative().catch(0) })
const ofPage = ['top', 'shown']
const ofFurther = ['have']

export async function runListRoutes(app: FastifyInstance) {
  const { orchestrator } = app
  const { runList, runQueries } = orchestrator

  function asked(request: FastifyRequest, more: string[] = []) {
    const { query, errors } = runQueries.read(fields.parse(request.query), more)
    const plain: RunQuery = areUsual(query.columns) ? { ...query, columns: [] } : query
    return { query: plain, errors, queries: runQueries, links: createRunLinks(runQueries, plain, errors) }
  }

  /** A poll of the first page names the row on `top`: it gets the rows from there on, and a count of those above. */
  async function pageFor(
    query: RunQuery,
    top: string | undefined,
  ): Promise<[RunList, Pick<RunPageState, 'top' | 'newer'>]> {
    if (top !== undefined && runQueries.isPosition(top) && query.sort === 'started') {
      const list = await runList.listFrom(query, top)
      const isShown = list.runs.length > 0 || list.searchedTo !== undefined
      if (isShown)
        return [
          { ...list, newer: undefined },
          { top, newer: await runList.newSince(query, top) },
        ]
    }
    const list = await runList.list(query)
    return [list, { top: list.top, newer: undefined }]
  }

  app.get(routes.runs, async (request, reply) => {
    if (prefersJson(request)) {
      const query = runQueries.checked(fields.parse(request.query))
      const { links } = asked(request)
      await runList.count(query)
      return reply.header('vary', 'accept, hx-request').send(runsAsJson(await runList.list(query), links))
    }
    const { query, ...context } = asked(request, ofPage)
    const isCounting = !(await runList.count(query))
    const tag = `W/"${runList.revision()}.${query.filter.from ?? ''}${isCounting ? '.counting' : ''}"`
    if (isPartialRequest(request) && isKnown(request, reply, tag)) return reply.code(304).send()
    const { top, shown } = poll.parse(request.query)
    const jobs = await orchestrator.bulk.shown(shown)
    const [list, state] = await pageFor(query, isPartialRequest(request) ? top : undefined)
    const runs = presentRuns(list, context, {
      ...state,
      tag,
      isCounting,
      history: await orchestrator.historyState(),
      jobs,
      now: orchestrator.now(),
    })
    if (isFormRequest(request)) pushAs(reply, runs.path)
    if (!isPartialRequest(request)) await seenOnce(request, jobs)
    return respond(request, reply, {
      json: () => undefined,
      partial: () => ['history/_runs', runs],
      page: () => ['history/page', { title: 'Runs', section: 'runs', runs }],
    })
  })

  /** Shown again rather than no page, where that cannot be written. */
  async function seenOnce(request: FastifyRequest, jobs: BulkActionProgress[]): Promise<void> {
    await orchestrator.bulk.markSeen(jobs).catch((err) => request.log.warn({ err }, 'A bulk action is shown again'))
  }

  app.get(routes.furtherRuns, async (request, reply) => {
    const { query, ...context } = asked(request, ofFurther)
    if (!isPartialRequest(request)) return reply.redirect(context.links.same())
    const { have } = further.parse(request.query)
    return reply.view('history/_further', presentRows(await runList.list(query), context, orchestrator.now(), have))
  })

  app.get(routes.runChart, async (request, reply) => {
    if (prefersJson(request)) runQueries.checked(fields.parse(request.query))
    const { query, links } = asked(request)
    await runList.count(query, true)
    const chart = await presentRunChart(await runList.figures(query), query, links, orchestrator.now())
    if (isPartialRequest(request) && isKnown(request, reply, contentTag(chart))) return reply.code(304).send()
    return respond(request, reply, {
      json: () => chart,
      partial: () => ['history/_chart', chart],
      page: () => ['history/chart', { title: 'Runs over time', section: 'runs', chart, listPath: links.same() }],
    })
  })

  app.get(routes.searchFields, async (request, reply: FastifyReply) => {
    const { query, errors } = asked(request)
    const unknown = errors.filter(({ isUnknown }) => isUnknown)
    if (unknown.length > 0) throw new InvalidInputError(unknown.map(({ field, message }) => ({ field, message })))
    return reply.header('cache-control', 'private, max-age=30').send(await runList.fields(query.filter.agents))
  })
}
