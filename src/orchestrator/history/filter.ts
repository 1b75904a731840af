import type { RunOrder, RunPosition } from '../../store/ports/run-pages.ts'
import type { RunColumn } from './columns.ts'
import type { RunTime } from './run-times.ts'
import { type SearchTerm, writeSearch } from './search/terms.ts'

export type RunFilter = {
  /** Any of these; with none, all. An agent is a `workflow_name`, or `localRuns`. */
  agents: string[]
  statuses: string[]
  workflow?: string | undefined
  from?: number | undefined
  to?: number | undefined
  longerThanSeconds?: number | undefined
  search: SearchTerm[]
}

/** Newest or largest first; with a dash, the other way round. */
export const runSorts = ['started', '-started', 'duration', '-duration', 'tokens', '-tokens', 'cost', '-cost'] as const
export type RunSort = (typeof runSorts)[number]

export function orderOf(sort: RunSort): RunOrder {
  const isDescending = !sort.startsWith('-')
  return { by: (isDescending ? sort : sort.slice(1)) as RunOrder['by'], isDescending }
}

/** As an agent: runs of no agent. No agent id holds a slash. */
export const localRuns = '/local'

export type RunQuery = {
  filter: RunFilter
  time?: RunTime | undefined
  /** The search as typed, also with an error; then `filter.search` is empty. */
  text: string
  sort: RunSort
  /** The page after this position (`older`), or before it (`newer`). Not both. */
  older?: RunPosition | undefined
  newer?: RunPosition | undefined
  columns: RunColumn[]
}

/** From its first page. Naming `from` or `to`, even with the same value, drops `time`: so a filter can be kept for
 * later. */
export function withFilter(query: RunQuery, change: Partial<RunFilter>): RunQuery {
  const { time, older: _older, newer: _newer, ...rest } = query
  return {
    ...rest,
    filter: { ...query.filter, ...change },
    text: change.search ? writeSearch(change.search) : query.text,
    ...(time === undefined || 'from' in change || 'to' in change ? {} : { time }),
  }
}
