import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { AppError, NotFoundError } from '../../../shared/errors.ts'
import { fieldsOfList } from '../../bulk/body.ts'
import { redirectTo } from '../../http/htmx.ts'
import { paths, routes } from '../../http/paths.ts'
import { prefersJson, respond } from '../../http/respond.ts'
import { presentViewForm, readViews, type ShownView } from './chips.ts'
import { addView, askToDeleteView, changeView, deleteView, deleteViewByForm, listViews } from './schemas.ts'

const reads = { needs: 'viewer' } as const
const saves = { needs: 'operator' } as const

export const savedViewRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.savedViews, { config: reads, schema: listViews }, async (request, reply) => {
    if (!prefersJson(request)) return redirectTo(request, reply, paths.runs())
    return { views: (await readViews(request)).map(viewAsJson) }
  })

  app.post(routes.savedViews, { config: saves, schema: addView }, async (request, reply) => {
    const { name, filter } = request.body
    return orForm(request, reply, { id: '', name, filter }, async () => {
      const saved = await request.orchestrator.savedViews.save(name, fieldsOfList(filter), request.actor)
      if (prefersJson(request))
        return reply
          .code(201)
          .header('location', paths.savedView(saved.id))
          .send(viewAsJson((await find(request, saved.id))!))
      return redirectTo(request, reply, paths.runs(saved.query), { message: `Saved the view “${saved.name}”.` })
    })
  })

  app.post(routes.savedView, { config: saves, schema: changeView }, async (request, reply) => {
    const { name, shared } = request.body
    const { id } = request.params
    const { orchestrator, actor } = request
    const known = await find(request, id)
    return orForm(request, reply, { id, filter: '', ...known, name: name ?? known?.name ?? '' }, async () => {
      const isRenamed = name !== undefined && name !== known?.name
      if (isRenamed) await orchestrator.savedViews.rename(id, name, actor)
      if (shared !== undefined) await orchestrator.savedViews.share(id, String(shared) === 'true', actor)
      const isShared = shared === undefined ? undefined : String(shared) === 'true'
      return backTo(request, reply, id, (view) => doneTo(view, isRenamed, isShared))
    })
  })

  app.get(routes.deleteSavedView, { config: reads, schema: askToDeleteView }, async (request, reply) => {
    const { id } = request.params
    const view = await find(request, id)
    if (!view) throw new NotFoundError('view', id)
    const title = `Delete the view “${view.name}”?`
    const { isEverybodys, query } = view
    const question = { title, path: paths.deleteSavedView(id), backPath: paths.runs(query), isEverybodys }
    return respond(request, reply, {
      json: () => viewAsJson(view),
      partial: () => ['history/saved-views/_question', question],
      page: () => ['history/saved-views/question', { title: `Delete ${view.name}`, section: 'runs', question }],
    })
  })

  app.post(routes.deleteSavedView, { config: saves, schema: deleteViewByForm }, async (request, reply) =>
    remove(request, reply, request.params.id),
  )
  app.delete(routes.savedView, { config: saves, schema: deleteView }, async (request, reply) =>
    remove(request, reply, request.params.id),
  )

  async function remove(request: FastifyRequest, reply: FastifyReply, id: string) {
    const view = await find(request, id)
    await request.orchestrator.savedViews.remove(id, request.actor)
    if (prefersJson(request)) return reply.code(204).send()
    return redirectTo(request, reply, paths.runs(), { message: `Deleted the view “${view!.name}”.` })
  }

  const find = async (request: FastifyRequest, id: string) => (await readViews(request)).find((view) => view.id === id)

  async function backTo(request: FastifyRequest, reply: FastifyReply, id: string, done: (view: string) => string) {
    const found = await find(request, id)
    if (prefersJson(request)) return reply.send(found && viewAsJson(found))
    return redirectTo(request, reply, paths.runs(found?.query), found && { message: done(`the view “${found.name}”`) })
  }
}

function doneTo(view: string, isRenamed: boolean, isShared: boolean | undefined): string {
  if (isShared === undefined) return `${isRenamed ? 'Renamed' : 'Kept the name of'} ${view}.`
  if (isRenamed) return isShared ? `Renamed and shared ${view}.` : `Renamed ${view} and stopped sharing it.`
  return `${isShared ? 'Shared' : 'Stopped sharing'} ${view}.`
}

/** A name that cannot be is said beside its field; without htmx, on a page of its own. */
async function orForm(
  request: FastifyRequest,
  reply: FastifyReply,
  typed: Parameters<typeof presentViewForm>[0] & { filter: string },
  change: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await change()
  } catch (error) {
    const isRefusal = error instanceof AppError && error.status < 500 && error.status !== 404
    if (!isRefusal || prefersJson(request)) throw error
    const form = { ...presentViewForm(typed, error.message), filter: typed.filter, canSave: true }
    const title = typed.id === '' ? 'Save view' : 'Rename view'
    return respond(request, reply.code(error.status), {
      json: () => undefined,
      partial: () => ['history/saved-views/_form', form],
      page: () => ['history/saved-views/form', { title, section: 'runs', form }],
    })
  }
}

function viewAsJson({ id, name, query, isEverybodys }: ShownView) {
  return { view_id: id, name, filter: query, url: paths.runs(query), is_shared: isEverybodys }
}
