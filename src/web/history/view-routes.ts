import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { SavedView } from '../../orchestrator/history/saved-views.ts'
import { AppError, NotFoundError } from '../../shared/errors.ts'
import { fieldsOfList } from '../bulk/body.ts'
import { redirectTo } from '../http/htmx.ts'
import { readInput } from '../http/input.ts'
import { idOf } from '../http/params.ts'
import { paths, routes } from '../http/paths.ts'
import { prefersJson, respond } from '../http/respond.ts'
import { presentViewForm } from './view-chips.ts'

const nothing = z.strictObject({})
const named = z.strictObject({ name: z.string() })
const view = z.strictObject({ name: z.string(), filter: z.string() })
const messages = {
  '': 'Send the name of the view, and its filter.',
  name: 'Send the name of the view.',
  filter: 'Send the filter as the address of the list of runs, such as /runs?status=failed.',
}

/** Filters that people keep, for everyone. */
export async function savedViewRoutes(app: FastifyInstance) {
  const { savedViews } = app.orchestrator

  app.get(routes.savedViews, async (request, reply) => {
    if (!prefersJson(request)) return redirectTo(request, reply, paths.runs())
    readInput(nothing, request.query, { '': 'The list of views takes no query.' })
    return { views: (await savedViews.all()).map(viewAsJson) }
  })

  app.post(routes.savedViews, async (request, reply) => {
    const { name, filter } = readInput(view, request.body, messages)
    return orForm(request, reply, { id: '', name, filter }, async () => {
      const saved = await savedViews.save(name, fieldsOfList(filter), request.actor)
      if (prefersJson(request))
        return reply.code(201).header('location', paths.savedView(saved.id)).send(viewAsJson(saved))
      return redirectTo(request, reply, paths.runs(saved.query))
    })
  })

  app.post(routes.savedView, async (request, reply) => {
    const { name } = readInput(named, request.body, messages)
    const id = idOf(request)
    return orForm(request, reply, { id, name, filter: '' }, async () => {
      await savedViews.rename(id, name, request.actor)
      return backTo(request, reply, id)
    })
  })

  app.get(routes.deleteSavedView, async (request, reply) => {
    const id = idOf(request)
    const view = await find(id)
    if (!view) throw new NotFoundError('view', id)
    const title = `Delete the view “${view.name}”?`
    const question = { title, path: paths.deleteSavedView(id), backPath: paths.runs(view.query) }
    return respond(request, reply, {
      json: () => viewAsJson(view),
      partial: () => ['history/_view-question', question],
      page: () => ['history/view-question', { title: `Delete ${view.name}`, section: 'runs', question }],
    })
  })

  app.post(routes.deleteSavedView, async (request, reply) => remove(request, reply))
  app.delete(routes.savedView, async (request, reply) => remove(request, reply))

  async function remove(request: FastifyRequest, reply: FastifyReply) {
    await savedViews.remove(idOf(request), request.actor)
    return prefersJson(request) ? reply.code(204).send() : redirectTo(request, reply, paths.runs())
  }

  const find = async (id: string) => (await savedViews.all()).find((view) => view.id === id)

  async function backTo(request: FastifyRequest, reply: FastifyReply, id: string) {
    const found = await find(id)
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
