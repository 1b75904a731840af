import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { SavedView } from '../../orchestrator/history/saved-views.ts'
import { AppError, NotFoundError } from '../../shared/errors.ts'
import { fieldsOfList } from '../bulk/body.ts'
import { redirectTo } from '../http/htmx.ts'
import { paths, routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { presentViewForm } from './view-chips.ts'
import { addView, askToDeleteView, deleteView, deleteViewByForm, listViews, renameView } from './view-schemas.ts'

const reads = { needs: 'viewer' } as const
const saves = { needs: 'operator' } as const

/** Filters that people keep, for everyone. */
export const savedViewRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(routes.savedViews, { config: reads, schema: listViews }, async (request, reply) => {
    if (!prefersJson(request)) return redirectTo(request, reply, paths.runs())
    return { views: (await request.orchestrator.savedViews.all()).map(viewAsJson) }
  })

  app.post(routes.savedViews, { config: saves, schema: addView }, async (request, reply) => {
    const { name, filter } = request.body
    return orForm(request, reply, { id: '', name, filter }, async () => {
      const saved = await request.orchestrator.savedViews.save(name, fieldsOfList(filter), request.actor)
      if (prefersJson(request))
        return reply.code(201).header('location', paths.savedView(saved.id)).send(viewAsJson(saved))
      return redirectTo(request, reply, paths.runs(saved.query))
    })
  })

  app.post(routes.savedView, { config: saves, schema: renameView }, async (request, reply) => {
    const { name } = request.body
    const { id } = request.params
    return orForm(request, reply, { id, name, filter: '' }, async () => {
      await request.orchestrator.savedViews.rename(id, name, request.actor)
      return backTo(request, reply, id)
    })
  })

  app.get(routes.deleteSavedView, { config: reads, schema: askToDeleteView }, async (request, reply) => {
    const { id } = request.params
    const view = await find(request, id)
    if (!view) throw new NotFoundError('view', id)
    const title = `Delete the view “${view.name}”?`
    const question = { title, path: paths.deleteSavedView(id), backPath: paths.runs(view.query) }
    return respond(request, reply, {
      json: () => viewAsJson(view),
      partial: () => ['history/_view-question', question],
      page: () => ['history/view-question', { title: `Delete ${view.name}`, section: 'runs', question }],
    })
  })

  app.post(routes.deleteSavedView, { config: saves, schema: deleteViewByForm }, async (request, reply) =>
    remove(request, reply, request.params.id),
  )
  app.delete(routes.savedView, { config: saves, schema: deleteView }, async (request, reply) =>
    remove(request, reply, request.params.id),
  )

  async function remove(request: FastifyRequest, reply: FastifyReply, id: string) {
    await request.orchestrator.savedViews.remove(id, request.actor)
    return prefersJson(request) ? reply.code(204).send() : redirectTo(request, reply, paths.runs())
  }

  const find = async ({ orchestrator }: FastifyRequest, id: string) =>
    (await orchestrator.savedViews.all()).find((view) => view.id === id)

  async function backTo(request: FastifyRequest, reply: FastifyReply, id: string) {
    const found = await find(request, id)
    if (prefersJson(request)) return reply.send(found && viewAsJson(found))
    return redirectTo(request, reply, paths.runs(found?.query))
  }
}

/** A name that cannot be is said beside its field; without htmx, on a page of its own. */
async function orForm(
  request: FastifyRequest,
  reply: FastifyReply,
  typed: { id: string; name: string; filter: string },
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
      partial: () => ['history/_view-form', form],
      page: () => ['history/view', { title, section: 'runs', form }],
    })
  }
}

function viewAsJson({ id, name, query }: SavedView) {
  return { view_id: id, name, filter: query, url: paths.runs(query) }
}
