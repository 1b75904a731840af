import { InvalidInputError } from '../../shared/errors.ts'
import type { BulkRuns } from '../../store/ports/bulk.ts'
import type { RunSummary } from '../../store/ports/runs.ts'
import type { Store } from '../../store/ports.ts'
import { orderOf, type RunQuery, withFilter } from '../history/filter.ts'
import { checkedRunQuery, type QueryContext, runQueryParams } from '../history/query.ts'
import { namesRuns } from '../history/query-names.ts'
import { asKnown, emptyExclusions } from '../history/search/known-fields.ts'
import { selectionOf } from '../history/selection.ts'
import { refuseUnknownStatuses } from '../history/statuses.ts'

/** `run` is undefined where it is gone. */
export type Candidate = { id: string; position: number; run: CandidateRun | undefined }
export type CandidateRun = Pick<RunSummary, 'agent' | 'agentId' | 'isReported' | 'status' | 'totalCostUsd'>
export type Candidates = { runs: Candidate[]; isMore: boolean; searchedTo: number | undefined }

/** Makes times absolute; runs that arrive later are not selected. Only `'all'` selects all. Throws InvalidInputError. */
export function frozen(fields: Record<string, unknown> | 'all', context: QueryContext): string {
  const { now } = context
  const query = checkedRunQuery(fields === 'all' ? {} : fields, context)
  if (fields !== 'all' && !namesRuns(fields)) throw new InvalidInputError([{ field: 'filter', message: saysNothing }])
  const { from, to = now } = query.filter
  const until = Math.min(to, now)
  if (from !== undefined && from >= until) {
    throw new InvalidInputError([{ field: 'from', message: 'This selects no run: the whole range is in the future.' }])
  }
  return runQueryParams(withFilter({ ...query, sort: 'started', columns: [] }, { from, to: until })).toString()
}

export function datedAhead(fields: Record<string, unknown> | 'all', context: QueryContext): string | undefined {
  const { now } = context
  const query = checkedRunQuery(fields === 'all' ? {} : fields, context)
  const { from = now, to } = query.filter
  if (to !== undefined && to <= now) return undefined
  const later = withFilter({ ...query, sort: 'started', columns: [] }, { from: Math.max(from, now), to })
  return runQueryParams(later).toString()
}

const saysNothing = 'This filter does not say which runs to select. For all runs, send "all": true instead.'

export type BulkTargets = {
  /** Names as the history has them now: once no run of `Writer` is left, `Writer` would select those of `writer`. */
  settled(filter: string): Promise<string>
  /** Throws InvalidInputError: the filter would select other runs than its writer thinks. */
  refuseUnknownNames(filter: string): Promise<void>
  next(runs: BulkRuns, after: number | undefined, size: number): Promise<Candidates>
  count(runs: BulkRuns): Promise<number | undefined>
}

export function createBulkTargets(store: Pick<Store, 'history' | 'runs'>, now: () => number): BulkTargets {
  const { history } = store

  function queryOf(address: string): RunQuery {
    const fields: Record<string, string[]> = {}
    for (const [name, value] of new URLSearchParams(address)) fields[name] = [...(fields[name] ?? []), value]
    return checkedRunQuery(fields, { now: now(), isPosition: history.isPosition })
  }

  const selection = (filter: string) => selectionOf(queryOf(filter).filter)

  async function ofList(ids: string[], after: number | undefined, size: number): Promise<Candidates> {
    const from = after === undefined ? 0 : after + 1
    const some = ids.slice(from, from + size)
    const found = new Map((await store.runs.summaries(some)).map((run) => [run.id, run]))
    const runs = some.map((id, index) => ({ id, position: from + index, run: found.get(id) }))
    return { runs, isMore: from + size < ids.length, searchedTo: undefined }
  }

  async function ofFilter(filter: string, after: number | undefined, max: number): Promise<Candidates> {
    const page = await history.page(selection(filter), {
      order: orderOf('started'),
      ...(after !== undefined && { after: String(after) }),
      max,
      isBackground: true,
    })
    const runs = page.runs.map((run) => ({ id: run.id, position: Number(run.position), run }))
    return { runs, isMore: page.isMore, searchedTo: page.searchedTo && Number(page.searchedTo.position) }
  }

  return {
    async settled(filter) {
      const query = queryOf(filter)
      return runQueryParams(withFilter(query, await asKnown(query.filter, history))).toString()
    },

    async refuseUnknownNames(filter) {
      await refuseUnknownStatuses(queryOf(filter).filter, history)
      const [empty] = await emptyExclusions(queryOf(filter).filter, history)
      if (!empty) return
      const message = `No run has the ${empty.kind} “${empty.value}”, so nothing is excluded by it. Correct it, or leave it out.`
      throw new InvalidInputError([{ field: 'q', message }])
    },

    next: async (runs, after, size) =>
      'filter' in runs ? ofFilter(runs.filter, after, size) : ofList(runs.runIds, after, size),

    async count(runs) {
      if ('runIds' in runs) return runs.runIds.length
      const { runs: found, isExact } = await history.count(selection(runs.filter))
      return isExact ? found : undefined
    },
  }
}
