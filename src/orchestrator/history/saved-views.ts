import { type Actor, localActor } from '../../shared/actor.ts'
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from '../../shared/errors.ts'
import { includesRole } from '../../shared/role.ts'
import { isVisible } from '../../shared/text/visible.ts'
import type { HistoryStore } from '../../store/ports/history.ts'
import type { SavedView, SavedViewStore } from '../../store/ports/saved-views.ts'
import type { DashboardEvents, EventStream } from '../events.ts'
import { checkedRunQuery, type QueryContext, runQueryParams } from './query.ts'
import { refuseUnknownStatuses } from './statuses.ts'

export type { SavedView }

const maxViews = 50
const maxNameLength = 40

export type SavedViews = {
  /** Those of who asks, and those that everybody sees. */
  all(by: Actor): Promise<SavedView[]>
  mayChange(view: SavedView, by: Actor): boolean
  /** `fields` are those of the list's address; its page is left out. Throws InvalidInputError and ConflictError. */
  save(name: string, fields: Record<string, unknown>, by: Actor): Promise<SavedView>
  /** Throws as `save`, NotFoundError, and ForbiddenError. */
  rename(id: string, name: string, by: Actor): Promise<void>
  share(id: string, isShared: boolean, by: Actor): Promise<void>
  /** Throws NotFoundError and ForbiddenError. */
  remove(id: string, by: Actor): Promise<void>
}

export function createSavedViews(deps: {
  views: SavedViewStore
  history: Pick<HistoryStore, 'lookUp'>
  context: () => QueryContext
  newId: () => string
  events: Pick<EventStream, 'emit'>
}): SavedViews {
  const { views, history, context, newId, events } = deps

  function announce({ id: viewId, name }: SavedView, change: ViewChange, by: Actor): void {
    events.emit('view-changed', { viewId, name, change, by })
  }

  async function find(id: string, by: Actor): Promise<SavedView> {
    const view = (await views.all(ownerOf(by))).find((one) => one.id === id)
    if (!view) throw new NotFoundError('view', id)
    if (!mayChange(view, by)) throw new ForbiddenError('Everyone sees this view. Only an admin can change it.')
    return view
  }

  return {
    all: (by) => views.all(ownerOf(by)),

    mayChange,

    async save(typed, fields, by) {
      const name = checkedName(typed)
      const { older: _, newer: __, ...query } = checkedRunQuery(fields, context())
      await refuseUnknownStatuses(query.filter, history)
      const written = runQueryParams(query).toString()
      if (written === '') throw invalid('filter', 'Nothing is filtered. Choose a filter, an order or columns first.')
      const { now } = context()
      const view = { id: newId(), name, query: written, createdAt: now, owner: ownerOf(by), isShared: false }
      const outcome = await views.add(view, maxViews)
      if (outcome === 'taken') throw invalid('name', taken(name))
      if (outcome === 'full') throw new ConflictError(`There are ${maxViews} views. Delete one first.`)
      announce(view, 'saved', by)
      return view
    },

    async rename(id, typed, by) {
      const name = checkedName(typed)
      const view = await find(id, by)
      const outcome = await views.change(id, { name })
      if (outcome === 'taken') throw invalid('name', taken(name))
      if (outcome === 'gone') throw new NotFoundError('view', id)
      announce({ ...view, name }, 'renamed', by)
    },

    async share(id, isShared, by) {
      const view = await find(id, by)
      if (view.owner === null) throw new ConflictError('This view belongs to everyone, and that cannot be changed.')
      if ((await views.change(id, { isShared })) === 'gone') throw new NotFoundError('view', id)
      announce(view, isShared ? 'shared' : 'unshared', by)
    },

    async remove(id, by) {
      const view = await find(id, by)
      if (!(await views.remove(id))) throw new NotFoundError('view', id)
      announce(view, 'removed', by)
    },
  }
}

type ViewChange = DashboardEvents['view-changed']['change']

/** Without users, views are everybody's. */
const ownerOf = ({ id }: Actor): string | null => (id === localActor.id ? null : id)

function mayChange({ owner, isShared }: SavedView, by: Actor): boolean {
  const isOwn = owner === ownerOf(by)
  return includesRole(by.role, 'admin') || (isOwn && owner !== null && !isShared)
}

function checkedName(typed: string): string {
  const name = typed.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  if (name === '') throw invalid('name', 'Give the view a name.')
  if (!isVisible(name)) throw invalid('name', 'This name has no visible characters. Use letters or digits.')
  if (name.length > maxNameLength) throw invalid('name', `Use at most ${maxNameLength} characters.`)
  return name
}

const taken = (name: string) => `There is a view “${name}” already. Choose another name.`
const invalid = (field: string, message: string) => new InvalidInputError([{ field, message }])
