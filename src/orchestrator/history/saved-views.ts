import type { Actor } from '../../shared/actor.ts'
import { ConflictError, InvalidInputError, NotFoundError } from '../../shared/errors.ts'
import { isVisible } from '../../shared/text/visible.ts'
import type { HistoryStore } from '../../store/ports/history.ts'
import type { SavedView, SavedViewStore } from '../../store/ports/saved-views.ts'
import type { EventStream } from '../events.ts'
import { checkedRunQuery, type QueryContext, runQueryParams } from './query.ts'
import { refuseUnknownStatuses } from './statuses.ts'

export type { SavedView }

const maxViews = 50
const maxNameLength = 40

export type SavedViews = {
  all(): Promise<SavedView[]>
  /** `fields` are those of the list's address; its page is left out. Throws InvalidInputError and ConflictError. */
  save(name: string, fields: Record<string, unknown>, by: Actor): Promise<SavedView>
  /** Throws as `save`, and NotFoundError. */
  rename(id: string, name: string, by: Actor): Promise<void>
  remove(id: string, by: Actor): Promise<void>
}

export function createSavedViews(deps: {
  views: SavedViewStore
  history: Pick<HistoryStore, 'lookUp'>
  context: () => QueryContext
  newId: () => string
  events: EventStream
}): SavedViews {
  const { views, history, context, newId, events } = deps

  return {
    all: views.all,

    async save(typed, fields, by) {
      const name = checkedName(typed)
      const { older: _, newer: __, ...query } = checkedRunQuery(fields, context())
      await refuseUnknownStatuses(query.filter, history)
      const written = runQueryParams(query).toString()
      if (written === '') throw invalid('filter', 'Nothing is filtered. Choose a filter, an order or columns first.')
      const view = { id: newId(), name, query: written, createdAt: context().now }
      const outcome = await views.add(view, maxViews)
      if (outcome === 'taken') throw invalid('name', taken(name))
      if (outcome === 'full') throw new ConflictError(`There are ${maxViews} views. Delete one first.`)
      events.emit('view-changed', { viewId: view.id, name, change: 'saved', by })
      return view
    },

    async rename(id, typed, by) {
      const name = checkedName(typed)
      const outcome = await views.rename(id, name)
      if (outcome === 'taken') throw invalid('name', taken(name))
      if (outcome === 'gone') throw new NotFoundError('view', id)
      events.emit('view-changed', { viewId: id, name, change: 'renamed', by })
    },

    async remove(id, by) {
      const view = (await views.all()).find((one) => one.id === id)
      if (!view || !(await views.remove(id))) throw new NotFoundError('view', id)
      events.emit('view-changed', { viewId: id, name: view.name, change: 'removed', by })
    },
  }
}

function checkedName(typed: string): string {
  const name = typed.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  if (name === '') throw invalid('name', 'Give the view a name.')
  if (!isVisible(name)) throw invalid('name', 'This name cannot be seen. Use letters or digits.')
  if (name.length > maxNameLength) throw invalid('name', `Use at most ${maxNameLength} characters.`)
  return name
}

const taken = (name: string) => `There is a view “${name}” already. Choose another name.`
const invalid = (field: string, message: string) => new InvalidInputError([{ field, message }])
