import { dayMs, hourMs, weekMs } from '../../shared/durations.ts'
import type { RunOrder, RunPosition } from '../../store/ports/run-pages.ts'
import type { RunColumn } from './columns.ts'
import { type SearchTerm, writeSearch } from './search/terms.ts'

/** Which runs are meant: by the list, its counts and chart, an export and what is done to many at once. All must hold. */
export type RunFilter = {
  /** Any of these; with none, all. An agent is what stands in `workflow_name`, or `localRuns`. */
  agents: string[]
  statuses: string[]
  workflow?: string | undefined
  /** Milliseconds since 1970: from <= started < to. */
  from?: number | undefined
  to?: number | undefined
  /** Runs of a known duration above this. */
  longerThanSeconds?: number | undefined
  search: SearchTerm[]
}

/** By its start, newest first; by its duration, tokens or cost, largest first; with a dash, the other way round. */
export const runSorts = ['started', '-started', 'duration', '-duration', 'tokens', '-tokens', 'cost', '-cost'] as const
export type RunSort = (typeof runSorts)[number]

export function orderOf(sort: RunSort): RunOrder {
  const isDescending = !sort.startsWith('-')
  return { by: (isDescending ? sort : sort.slice(1)) as RunOrder['by'], isDescending }
}

/** The times that can be asked for by name, in milliseconds. */
export const runTimes = { hour: hourMs, day: dayMs, week: weekMs, month: 30 * dayMs }
export type RunTime = keyof typeof runTimes

/** Stands where an agent could, for runs of no agent; no id of an agent holds a slash. */
export const localRuns = '/local'

/** All that an address of the run list says. */
export type RunQuery = {
  filter: RunFilter
  /** The name by which `filter.from` was asked for. */
  time?: RunTime | undefined
  /** The search as it was typed. It is also here when it has an error; `filter.search` is empty then. */
  text: string
  sort: RunSort
  /** Which page: the one after this position (`older`), or the one before it (`newer`). Not both. */
  older?: RunPosition | undefined
  newer?: RunPosition | undefined
  /** With none, those that are shown by themselves. */
  columns: RunColumn[]
}

/**
 * The query with parts of its filter changed, from its first page on. A time that was asked for by name is dropped when
 * `from` or `to` is named, also with the value that it has: so a filter can be kept for later.
 */
export function withFilter(query: RunQuery, change: Partial<RunFilter>): RunQuery {
  const { time, older: _older, newer: _newer, ...rest } = query
  return {
    ...rest,
    filter: { ...query.filter, ...change },
    text: change.search ? writeSearch(change.search) : query.text,
    ...(time === undefined || 'from' in change || 'to' in change ? {} : { time }),
  }
}
