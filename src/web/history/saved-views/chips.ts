import type { FastifyRequest } from 'fastify'
import type { RunQuery } from '../../../orchestrator/history/filter.ts'
import type { RunQueries } from '../../../orchestrator/history/queries.ts'
import type { SavedView } from '../../../orchestrator/history/saved-views.ts'
import { includesRole } from '../../../shared/role.ts'
import { paths } from '../../http/paths.ts'
import type { RunPageContext } from '../filters.ts'

/** With what who looks may do to it. */
export type ShownView = SavedView & { mayChange: boolean; mayShare: boolean; isEverybodys: boolean }

export async function readViews({ orchestrator, actor }: FastifyRequest): Promise<ShownView[]> {
  const { savedViews } = orchestrator
  return (await savedViews.all(actor)).map((view) => ({
    ...view,
    mayChange: savedViews.mayChange(view, actor),
    mayShare: view.owner !== null && includesRole(actor.role, 'admin'),
    isEverybodys: view.owner === null || view.isShared,
  }))
}

const builtIn = [
  { name: 'All runs', query: '' },
  { name: 'Failed yesterday', query: 'status=failed&time=yesterday' },
  { name: 'Expensive this week', query: 'time=this-week&sort=cost' },
]

/** The views above the list. `filter` is what can be saved: empty where nothing is filtered, or with errors. */
export function presentViews(views: ShownView[], query: RunQuery, { queries, errors }: RunPageContext) {
  const filter = errors.length > 0 ? undefined : written(queries, query)
  const all = [...builtIn, ...views].map(({ name, query }) => ({
    ...{ name, query },
    path: paths.runs(query),
    isChosen: query === filter,
  }))
  const chosen = views.filter(({ query }) => query === filter)
  const own = chosen.find(({ mayChange }) => mayChange)
  return {
    all,
    isKept: chosen.length > 0,
    chosen: own && presentViewForm(own),
    form: { ...presentViewForm({ id: '', name: '' }), filter: filter ?? '', canSave: Boolean(filter) },
  }
}

function written(queries: RunQueries, query: RunQuery): string {
  return queries.params({ ...query, older: undefined, newer: undefined }).toString()
}

export function presentViewForm(
  { id, name, ...view }: { id: string; name: string } & Partial<Pick<ShownView, 'mayShare' | 'isShared'>>,
  error?: string,
) {
  return {
    ...{ id, name },
    mayShare: view.mayShare === true,
    isShared: view.isShared === true,
    error,
    savePath: id === '' ? paths.savedViews() : paths.savedView(id),
    deletePath: id === '' ? '' : paths.deleteSavedView(id),
  }
}
