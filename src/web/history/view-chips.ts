import type { RunQuery } from '../../orchestrator/history/filter.ts'
import type { RunQueries } from '../../orchestrator/history/queries.ts'
import type { SavedView } from '../../orchestrator/history/saved-views.ts'
import { paths } from '../http/paths.ts'
import type { RunPageContext } from './filters.ts'

const builtIn = [
  { name: 'All runs', query: '' },
  { name: 'Failed yesterday', query: 'status=failed&time=yesterday' },
  { name: 'Expensive this week', query: 'time=this-week&sort=cost' },
]

/** The views above the list. `filter` is what can be saved: empty where nothing is filtered, or with errors. */
export function presentViews(views: SavedView[], query: RunQuery, { queries, errors }: RunPageContext) {
  const filter = errors.length > 0 ? undefined : written(queries, query)
  const saved = views.map(({ id, name, query }) => ({ id, name, query }))
  const all = [...builtIn.map((view) => ({ id: '', ...view })), ...saved].map((view) => ({
    ...view,
    path: paths.runs(view.query),
    isChosen: view.query === filter,
  }))
  const chosen = all.find(({ isChosen, id }) => isChosen && id !== '')
  return {
    all,
    chosen: chosen && presentViewForm(chosen),
    form: { ...presentViewForm({ id: '', name: '' }), filter: filter ?? '', canSave: Boolean(filter) },
  }
}

function written(queries: RunQueries, query: RunQuery): string {
  return queries.params({ ...query, older: undefined, newer: undefined }).toString()
}

/** The form that saves a view, or renames the one of this id. */
export function presentViewForm(view: { id: string; name: string }, error?: string) {
  return {
    ...view,
    error,
    savePath: view.id === '' ? paths.savedViews() : paths.savedView(view.id),
    deletePath: view.id === '' ? '' : paths.deleteSavedView(view.id),
  }
}
