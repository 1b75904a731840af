import { InvalidInputError } from '../../shared/errors.ts'
import type { BulkRuns } from '../../store/ports/bulk.ts'
import type { RunSummary } from '../../store/ports/runs.ts'
import type { Store } from '../../store/ports.ts'
import { orderOf, type RunQuery, withFilter } from '../history/filter.ts'
import { checkedRunQuery, type QueryContext, runQueryParams } from '../history/query.ts'
import { namesRuns } from '../history/query-names.ts'
import { asKnown, emptyExclusions } from '../history/search/known-fields.ts'
import { selectionOf } from '../history/selection.ts'

/** A run that has its turn, undefined where it is gone; and its place among those that are meant. */
export type Candidate = { id: string; place: number; run: CandidateRun | undefined }
/** What has to be known of a run before anything is done to it. */
export type CandidateRun = Pick<RunSummary, 'agent' | 'agentId' | 'status' | 'totalCostUsd'>
export type Candidates = { runs: Candidate[]; isMore: boolean; searchedTo: number | undefined }

/**
 * All that an address means, kept for later: its times are absolute, and runs that arrive from now on are not meant.
 * All runs are meant only by `'all'`, never by an address that says nothing of them. Throws InvalidInputError.
 */
export function frozen(meant: Record<string, unknown> | 'all', context: QueryContext): string {
  const { now } = context
  const query = checkedRunQuery(meant === 'all' ? {} : meant, context)
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
export function datedAhead(meant: Record<string, unknown> | 'all', context: QueryContext): string | undefined {
  const { now } = context
  const query = checkedRunQuery(meant === 'all' ? {} : meant, context)
  const { from = now, to } = query.filter
  if (to !== undefined && to <= now) return undefined
  const later = withFilter({ ...query, sort: 'started', columns: [] }, { from: Math.max(from, now), to })
  return runQueryParams(later).toString()
}

const saysNothing = 'This filter says nothing about which runs are meant. For all runs, send "all": true instead.'

/** Finds the runs of a bulk action, some at a time. */
export function createBulkRuns(store: Pick<Store, 'history' | 'runs'>, now: () => number) {
  const { history } = store

  function queryOf(address: string): RunQuery {
    const fields: Record<string, string[]> = {}
    for (const [name, value] of new URLSearchParams(address)) fields[name] = [...(fields[name] ?? []), value]
    return checkedRunQuery(fields, { now: now(), isPosition: history.isPosition })
  }

  /** A filter was read in the words of the history before. */
  const selection = (filter: string) => selectionOf(queryOf(filter).filter)

  async function ofList(ids: string[], after: number | undefined, size: number): Promise<Candidates> {
    const from = after === undefined ? 0 : after + 1
    const some = ids.slice(from, from + size)
    const found = new Map((await store.runs.summaries(some)).map((run) => [run.id, run]))
    const runs = some.map((id, index) => ({ id, place: from + index, run: found.get(id) }))
    return { runs, isMore: from + size < ids.length, searchedTo: undefined }
  }

  async function ofFilter(filter: string, after: number | undefined, max: number): Promise<Candidates> {
    const page = await history.page(selection(filter), {
      order: orderOf('started'),
      ...(after !== undefined && { after: String(after) }),
      max,
      isBackground: true,
    })
    const runs = page.runs.map((run) => ({ id: run.id, place: Number(run.position), run }))
    return { runs, isMore: page.isMore, searchedTo: page.searchedTo && Number(page.searchedTo.position) }
  }

  return {
    /**
     * A filter in the words that the history has now. Read again while an action deletes runs, it would come to mean
     * others: "Writer" those of "writer" once no run of Writer is left, and the id of a run all that mention it.
     */
    async settled(filter: string): Promise<string> {
      const query = queryOf(filter)
      return runQueryParams(withFilter(query, await asKnown(query.filter, history))).toString()
    },

    /** Rejects with InvalidInputError where a filter excludes what no run is: it would mean more than its writer thinks. */
    async refuseEmptyExclusions(filter: string): Promise<void> {
      const [empty] = await emptyExclusions(queryOf(filter).filter, history)
      if (!empty) return
      const message = `No run has the ${empty.kind} “${empty.value}”, so nothing is excluded by it. Correct it, or leave it out.`
      throw new InvalidInputError([{ field: 'q', message }])
    },

    /** The next ones after a place, in the order in which they have their turn. Takes a few milliseconds. */
    next: async (runs: BulkRuns, after: number | undefined, size: number): Promise<Candidates> =>
      'filter' in runs ? ofFilter(runs.filter, after, size) : ofList(runs.runIds, after, size),

    /** How many there are, where that is known at once. */
    async count(runs: BulkRuns): Promise<number | undefined> {
      if ('runIds' in runs) return runs.runIds.length
      const { runs: found, isExact } = await history.count(selection(runs.filter))
      return isExact ? found : undefined
    },
  }
}
