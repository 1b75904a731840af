import type { RunFilter, RunQuery } from '../../orchestrator/history/filter.ts'
import type { RunQueries } from '../../orchestrator/history/queries.ts'
import type { RunQueryMistake } from '../../orchestrator/history/query.ts'
import { paths } from '../http/paths.ts'

/** An address that takes the query of the list. */
type ListPath = (query: string) => string

export type RunLinks = ReturnType<typeof createRunLinks>

/**
 * Addresses of the run list that differ from a query in one thing. What has a mistake is kept in all of them, as it was
 * typed; only a place that is none is left out.
 */
export function createRunLinks(queries: RunQueries, query: RunQuery, mistakes: RunQueryMistake[]) {
  const kept = mistakes.filter(({ field }) => field !== 'q' && field !== 'older' && field !== 'newer')

  function search(to: RunQuery, more: Record<string, string>, withoutMistakesIn: string[]): string {
    const params = queries.params(to)
    for (const { field, typed } of kept) if (!withoutMistakesIn.includes(field)) params.append(field, typed)
    for (const [name, value] of Object.entries(more)) params.append(name, value)
    return params.toString()
  }

  function at(
    path: ListPath,
    to: RunQuery,
    more: Record<string, string> = {},
    withoutMistakesIn: string[] = [],
  ): string {
    return path(search(to, more, withoutMistakesIn))
  }

  const firstPage: RunQuery = { ...query, older: undefined, newer: undefined }

  return {
    /** This very list, or another path with its query. */
    same: (path: ListPath = paths.runs, more: Record<string, string> = {}) => at(path, query, more),
    firstPage: () => at(paths.runs, firstPage),
    page: (place: Pick<RunQuery, 'older' | 'newer'>, path: ListPath = paths.runs, more: Record<string, string> = {}) =>
      at(path, { ...firstPage, ...place }, more),
    sorted: (sort: RunQuery['sort']) => at(paths.runs, { ...firstPage, sort }),
    filtered: (change: Partial<RunFilter>, withoutMistakesIn: string[] = []) =>
      at(paths.runs, queries.withFilter(query, change), {}, withoutMistakesIn),
    during: (time: RunQuery['time']) =>
      at(paths.runs, { ...queries.withFilter(query, { from: undefined, to: undefined }), time }, {}, [
        'time',
        'from',
        'to',
      ]),
    /** All runs, in the columns and the order that were chosen. */
    unfiltered: () =>
      at(
        paths.runs,
        { filter: { agents: [], statuses: [], search: [] }, text: '', sort: query.sort, columns: query.columns },
        {},
        kept.map(({ field }) => field),
      ),
  }
}
