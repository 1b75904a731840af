import type { RunFilter, RunQuery } from '../../orchestrator/history/filter.ts'
import type { RunQueries } from '../../orchestrator/history/queries.ts'
import type { RunQueryError } from '../../orchestrator/history/query.ts'
import { paths } from '../http/paths.ts'

type ListPath = (query: string) => string

export type RunLinks = {
  same: (path?: ListPath, more?: Record<string, string>) => string
  firstPage: () => string
  page: (position: Pick<RunQuery, 'older' | 'newer'>, path?: ListPath, more?: Record<string, string>) => string
  /** The first page, its days written as moments. */
  dated: (path?: ListPath, more?: Record<string, string>) => string
  sorted: (sort: RunQuery['sort']) => string
  filtered: (change: Partial<RunFilter>, withoutErrorsIn?: string[]) => string
  during: (time: RunQuery['time']) => string
  unfiltered: () => string
}

/** Addresses of the list that differ from a query in one thing. Errors stay as they were typed, statuses in the filter. */
export function createRunLinks(queries: RunQueries, query: RunQuery, errors: RunQueryError[]): RunLinks {
  const kept = errors.filter(({ field }) => !['q', 'older', 'newer', 'status'].includes(field))

  function search(to: RunQuery, more: Record<string, string>, withoutErrorsIn: string[]): string {
    const params = queries.params(to)
    for (const { field, typed } of kept) if (!withoutErrorsIn.includes(field)) params.append(field, typed)
    for (const [name, value] of Object.entries(more)) params.append(name, value)
    return params.toString()
  }

  function at(path: ListPath, to: RunQuery, more: Record<string, string> = {}, withoutErrorsIn: string[] = []): string {
    return path(search(to, more, withoutErrorsIn))
  }

  const firstPage: RunQuery = { ...query, older: undefined, newer: undefined }
  /** For what is done later, perhaps by a program, to which the reader's days mean nothing. */
  const dated: RunQuery = isCalendarTime(query.time) ? { ...firstPage, time: undefined } : firstPage

  return {
    same: (path = paths.runs, more = {}) => at(path, query, more),
    firstPage: () => at(paths.runs, firstPage),
    page: (position, path = paths.runs, more = {}) => at(path, { ...firstPage, ...position }, more),
    dated: (path = paths.runs, more = {}) => at(path, dated, more),
    sorted: (sort) => at(paths.runs, { ...firstPage, sort }),
    filtered: (change, withoutErrorsIn = []) => at(paths.runs, queries.withFilter(query, change), {}, withoutErrorsIn),
    during: (time) =>
      at(paths.runs, { ...queries.withFilter(query, { from: undefined, to: undefined }), time }, {}, [
        'time',
        'from',
        'to',
      ]),
    unfiltered: () =>
      at(
        paths.runs,
        { filter: { agents: [], statuses: [], search: [] }, text: '', sort: query.sort, columns: query.columns },
        {},
        kept.map(({ field }) => field),
      ),
  }
}

const isCalendarTime = (time: RunQuery['time']) => time === 'today' || time === 'yesterday' || time === 'this-week'
