import { InvalidInputError } from '../../shared/errors.ts'
import type { Store } from '../../store/sqlite/file/open.ts'
import { createRunCounts } from '../../store/sqlite/history/counts.ts'
import { createRunLists } from '../../store/sqlite/history/list.ts'
import { createRunReading, usualLimits } from '../../store/sqlite/history/reading.ts'
import { newestFirst } from '../../store/sqlite/history/scan.ts'
import { createRunSums } from '../../store/sqlite/history/sums.ts'
import { createRunLookup, type FoundRun } from '../../store/sqlite/runs/lookup.ts'
import { type RunQuery, withFilter } from '../history/filter.ts'
import { checkedRunQuery, runQueryParams } from '../history/query.ts'
import { namesRuns } from '../history/query-names.ts'
import { emptyExclusions, inKnownWords, type KnownRuns } from '../history/search/known-fields.ts'
import { selectionOf } from '../history/selection.ts'

/** The runs that are meant: as the query of an address whose times are absolute, or as a list of ids. */
export type BulkRuns = { filter: string } | { runIds: string[] }

/** A run that has its turn, undefined where it is gone; and its place among those that are meant. */
export type Candidate = { id: string; place: number; run: FoundRun | undefined }
export type Candidates = { runs: Candidate[]; isMore: boolean; searchedTo: number | undefined }

/** To look for the next ones is interrupted as often; microseconds or so. */
const budget = 4000

/**
 * All that an address means, kept for later: its times are absolute, and runs that arrive from now on are not meant.
 * All runs are meant only by `'all'`, never by an address that says nothing of them. Throws InvalidInputError.
 */
export function frozen(meant: Record<string, unknown> | 'all', now: number): string {
  const query = checkedRunQuery(meant === 'all' ? {} : meant, now)
  if (meant !== 'all' && !namesRuns(meant)) throw new InvalidInputError([{ field: 'filter', message: saysNothing }])
  const { from, to = now } = query.filter
  const until = Math.min(to, now)
  if (from !== undefined && from >= until) {
    throw new InvalidInputError([
      { field: 'from', message: 'No run of the history is meant: all this time is to come.' },
    ])
  }
  return runQueryParams(withFilter({ ...query, sort: 'started', columns: [] }, { from, to: until })).toString()
}

/** The runs that an address means and `frozen` leaves out, as they are dated after `now`; undefined where it has none. */
export function datedAhead(meant: Record<string, unknown> | 'all', now: number): string | undefined {
  const query = checkedRunQuery(meant === 'all' ? {} : meant, now)
  const { from = now, to } = query.filter
  if (to !== undefined && to <= now) return undefined
  const later = withFilter({ ...query, sort: 'started', columns: [] }, { from: Math.max(from, now), to })
  return runQueryParams(later).toString()
}

const saysNothing = 'This filter says nothing about which runs are meant. For all runs, send "all": true instead.'

/** For a filter that was read in the words of the history before. */
const asWritten: KnownRuns = { hasName: () => true, names: () => undefined, hasRun: () => false }

/** Finds the runs of a bulk action, some at a time. */
export function createBulkRuns(store: Store, now: () => number) {
  const reading = createRunReading(store.db, { ...usualLimits, budget })
  const lists = createRunLists(reading)
  const counts = createRunCounts(reading, createRunSums(store.db, reading.names))
  const lookup = createRunLookup(store)

  function queryOf(address: string): RunQuery {
    const fields: Record<string, string[]> = {}
    for (const [name, value] of new URLSearchParams(address)) fields[name] = [...(fields[name] ?? []), value]
    return checkedRunQuery(fields, now())
  }

  const selection = (filter: string) => selectionOf(queryOf(filter).filter, asWritten)

  function ofList(ids: string[], after: number | undefined, size: number): Candidates {
    const from = after === undefined ? 0 : after + 1
    const runs = ids.slice(from, from + size).map((id, index) => ({ id, place: from + index, run: lookup(id) }))
    return { runs, isMore: from + size < ids.length, searchedTo: undefined }
  }

  function ofFilter(filter: string, after: number | undefined, size: number): Candidates {
    const place = after === undefined ? undefined : { seq: after }
    const { rows, isMore, searchedTo } = lists.page(selection(filter), { order: newestFirst, after: place, size })
    const runs = rows.map(({ seq, id, agent, agentId, status, totalCostUsd }) => ({
      id,
      place: seq,
      run: { id, agent, agentId, status, cost: totalCostUsd },
    }))
    return { runs, isMore, searchedTo: searchedTo?.seq }
  }

  return {
    /**
     * A filter in the words that the history has now. Read again while an action deletes runs, it would come to mean
     * others: "Writer" those of "writer" once no run of Writer is left, and the id of a run all that mention it.
     */
    settled(filter: string): string {
      const query = queryOf(filter)
      return runQueryParams(withFilter(query, inKnownWords(query.filter, reading.known))).toString()
    },

    /** Throws InvalidInputError where a filter excludes what no run is: it would mean more than whoever wrote it thinks. */
    refuseEmptyExclusions(filter: string): void {
      const [empty] = emptyExclusions(queryOf(filter).filter.search, reading.known)
      if (!empty) return
      const message = `No run has the ${empty.kind} “${empty.value}”, so nothing is excluded by it. Correct it, or leave it out.`
      throw new InvalidInputError([{ field: 'q', message }])
    },

    /** The next ones after a place, in the order in which they have their turn. Takes a few milliseconds. */
    next: (runs: BulkRuns, after: number | undefined, size: number): Candidates =>
      'filter' in runs ? ofFilter(runs.filter, after, size) : ofList(runs.runIds, after, size),

    /** How many there are, where that is known at once. */
    count(runs: BulkRuns): number | undefined {
      if ('runIds' in runs) return runs.runIds.length
      const { runs: found, isExact } = counts(selection(runs.filter))
      return isExact ? found : undefined
    },
  }
}
