import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { BulkActionProgress } from '../../orchestrator/bulk/progress.ts'
import type { RunQuery } from '../../orchestrator/history/filter.ts'
import type { RunList } from '../../orchestrator/history/list.ts'
import type { Service } from '../../orchestrator/service.ts'
import { StorageFaultError } from '../../shared/errors.ts'
import { minuteMs } from '../../shared/time/durations.ts'
import { addsRuns } from '../bulk/actions.ts'
import { contentTag, isKnown, notModified } from '../http/etag.ts'
import { isFormRequest, isPartialRequest, pushAs } from '../http/htmx.ts'
import { routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { furtherRunRoutes } from './further-routes.ts'
import { presentRuns, type RunPageState } from './list.ts'
import { runsAsJson } from './list-json.ts'
import { readListQuery } from './list-query.ts'
import { readViews } from './saved-views/chips.ts'
import { listRuns } from './schemas.ts'
import { usualOf } from './usual.ts'

const ofPage = ['top', 'shown']

const given = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

/** Each sees views of their own, and ranges of time move on by the minute. */
const revisionOf = ({ orchestrator, actor }: FastifyRequest) =>
  `${orchestrator.runList.revision()} ${Math.floor(orchestrator.now() / minuteMs)} ${actor.id}`

export const runListRoutes: FastifyPluginAsyncZod = async (app) => {
  await furtherRunRoutes(app, {})
  app.get(
    routes.runs,
    { config: { needs: 'viewer', isSharedPage: true, revisionOf }, schema: listRuns },
    async (request, reply) => {
      if (prefersJson(request)) {
        const query = await request.orchestrator.runQueries.checked(given(request.query), ['limit'])
        const limit = request.query.limit === undefined ? undefined : Number(request.query.limit)
        const { links } = await readListQuery(request.orchestrator.runQueries, request, [...ofPage, 'limit'])
        await request.orchestrator.runList.count(query)
        const list = await request.orchestrator.runList.list(query, limit)
        return reply.header('vary', 'accept, hx-request, cookie').send(runsAsJson(list, links, limit))
      }
      const { query, ...context } = await readListQuery(request.orchestrator.runQueries, request, ofPage)
      const isCounting = !(await request.orchestrator.runList.count(query))
      const { zone, now } = request.times
      // Headings name days.
      const days = `${query.filter.from ?? ''}.${zone.startOfDay(now)}`
      const { id, role } = request.actor
      const asked = `${days} ${isCounting} ${zone.name} ${id} ${role}`
      const { top, shown: shownJobs = [] } = request.query
      const jobs = await request.orchestrator.bulk.shown(shownJobs)
      const [list, state] = await pageFor(request.orchestrator, query, isPartialRequest(request) ? top : undefined)
      const isGrowing = jobs.some((job) => addsRuns(job, request.actor))
      const shown = presentRuns(list, context, {
        ...state,
        // Who has runs done again is shown them, and not only how many there are.
        top: isGrowing ? undefined : state.top,
        isCounting,
        history: await request.orchestrator.historyState(),
        jobs,
        views: await readViews(request),
        usualOf: await usualOf(request.orchestrator, list),
        times: request.times,
      })
      // Running runs count their seconds, which no tag shows.
      const tag = shown.isRunning ? '' : contentTag([shown, asked])
      const runs = { ...shown, tag }
      // What is still counted has to be asked for again.
      if (tag && !isCounting) request.keepTag(tag)
      if (tag && isPartialRequest(request) && isKnown(request, reply, tag)) return notModified(reply)
      request.isMoving = jobs.length > 0 || runs.isMoving
      if (isFormRequest(request)) pushAs(reply, runs.path)
      if (!isPartialRequest(request)) await seenOnce(request, jobs)
      return respond(request, reply, {
        json: () => undefined,
        partial: () => ['history/_runs', runs],
        page: () => ['history/page', { title: 'Runs', section: 'runs', runs }],
      })
    },
  )
}

/** A poll of the first page names the row on `top`: it gets the rows from there on, and a count of those above. */
async function pageFor(
  { runList, runQueries }: Service,
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

/** Shown again rather than no page, where that cannot be written. */
async function seenOnce(request: FastifyRequest, jobs: BulkActionProgress[]): Promise<void> {
  await request.orchestrator.bulk.markSeen(jobs).catch((err) => {
    // The store has announced that itself, once.
    if (!(err instanceof StorageFaultError))
      request.log.warn({ err, requestId: request.id }, 'A bulk action is shown again')
  })
}
