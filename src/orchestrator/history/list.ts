import { createMemo } from '../../shared/memo.ts'
import type { Zone } from '../../shared/time/zone.ts'
import type { RunFigures } from '../../store/ports/run-figures.ts'
import type { PageStart, RunListPage, RunPosition } from '../../store/ports/run-pages.ts'
import type { Store } from '../../store/ports.ts'
import type { Registry } from '../registry/registry.ts'
import type { Schemas } from '../registry/schemas.ts'
import type { ListedRun } from '../runs/runs.ts'
import { localRuns, orderOf, type RunFilter, type RunQuery } from './filter.ts'
import { createListRows, type RunListRow } from './list-rows.ts'
import type { FieldSuggestion } from './search/field-suggestions.ts'
import { selectionIn } from './selection.ts'
import { createSuggestions } from './suggestions.ts'

export type { RunFigures } from '../../store/ports/run-figures.ts'

export type RunList = Pick<RunListPage, 'counts' | 'total'> & {
  query: RunQuery
  runs: RunListRow[]
  older: RunPosition | undefined
  newer: RunPosition | undefined
  /** How far was searched, where the rest is left to another request; and when the run there started. */
  searchedTo: RunPosition | undefined
  searchedAt: number | undefined
  /** Where a first page that begins with the newest starts. */
  top: RunPosition | undefined
  statuses: string[]
  agents: { id: string; name: string | undefined }[]
  workflows: string[]
  /** The value of `agent` for runs of no agent. */
  localRuns: string
}

const pageSize = 50
const maxArrived = 999

export type RunLists = {
  revision(): string
  /** Without `max`, as many as a page shows. */
  list(query: RunQuery, max?: number): Promise<RunList>
  listFrom(query: RunQuery, top: RunPosition): Promise<RunList>
  /** Counts before the list is read; see HistoryStore. Resolves to whether that came to its end. */
  count(query: RunQuery, isPatient?: boolean): Promise<boolean>
  figures(query: RunQuery, zone: Zone): Promise<RunFigures>
  newSince(query: RunQuery, top: RunPosition): Promise<{ runs: number; isExact: boolean }>
  latestOf(agent: string, max: number): Promise<ListedRun[]>
  countOf(agent: string): Promise<number>
  fields(agents: string[]): Promise<FieldSuggestion[]>
}

export function createRunLists(deps: {
  store: Pick<Store, 'history' | 'revision'>
  registry: Registry
  schemas: Pick<Schemas, 'recall'>
  now: () => number
  soFarSeconds: (runId: string) => number | undefined
}): RunLists {
  const { store, registry, schemas, now, soFarSeconds } = deps
  const { history } = store
  const memo = createMemo(store.revision)
  const { rowsOf, listed } = createListRows(history, registry)
  const selected = (filter: RunFilter) =>
    memo(`selection ${JSON.stringify(filter)}`, () => selectionIn(history, filter))

  async function list(
    query: RunQuery,
    { from, max = pageSize }: { from?: RunPosition; max?: number | undefined } = {},
  ): Promise<RunList> {
    const { filter, sort } = query
    const start: PageStart = from === undefined ? startOf(query) : { from }
    const page = await history.list(await selected(filter), { order: orderOf(sort), ...start, max })
    const { counts, total, names, searchedTo } = page
    const isFirst = Object.keys(start).length === 0
    return {
      query,
      runs: withSoFar(await rowsOf(page.runs, query.columns)),
      ...neighbours(page, start),
      searchedTo: searchedTo?.position,
      searchedAt: searchedTo?.startedAt,
      top: isFirst && sort === 'started' ? topOf(page.runs[0], searchedTo !== undefined) : undefined,
      counts,
      total,
      statuses: names.statuses,
      agents: agentsToChoose(names.agentIds),
      workflows: names.workflows,
      localRuns,
    }
  }

  /** What was read is kept, and the clock moves. */
  function withSoFar<Run extends ListedRun>(runs: Run[]): Run[] {
    if (runs.every(({ id }) => soFarSeconds(id) === undefined)) return runs
    return runs.map((run) => ({ ...run, soFarSeconds: soFarSeconds(run.id) }))
  }

  // To end at the same run, an interrupted search has to begin at the same one.
  function topOf(first: RunListPage['runs'][number] | undefined, isCut: boolean): RunPosition | undefined {
    return isCut && !(first && first.startedAt >= now()) ? history.positionAt(now()) : first?.position
  }

  function agentsToChoose(withRuns: string[]): RunList['agents'] {
    const registered = registry.all().map(({ id, name }) => ({ id, name: name as string | undefined }))
    const removed = withRuns.filter((id) => !registry.has(id))
    return [...registered, ...removed.map((id) => ({ id, name: undefined }))]
  }

  return {
    revision: store.revision,

    list: (query, max) => list(query, { max }),
    listFrom: (query, from) => list(query, { from }),
    count: async ({ filter }, isPatient = false) => history.countAhead(await selected(filter), isPatient),
    figures: async ({ filter }, zone) => history.figures(await selected(filter), now(), zone),
    newSince: async ({ filter }, top) => history.countAfter(await selected(filter), top, maxArrived),

    async latestOf(agent, max) {
      const latest = await memo(`latest ${max} ${agent}`, async () => {
        const { runs } = await history.page({ agents: [agent] }, { order: orderOf('started'), max })
        return runs.map(listed)
      })
      return withSoFar(latest)
    },

    countOf: async (agent) => (await history.count({ agents: [agent] })).runs,

    fields: createSuggestions({ history, registry, schemas }),
  }
}

function startOf({ older, newer }: RunQuery): PageStart {
  if (older !== undefined) return { after: older }
  return newer === undefined ? {} : { before: newer }
}

/** An interrupted search continues where it stopped. */
function neighbours({ runs, isMore, searchedTo }: RunListPage, start: PageStart): Pick<RunList, 'older' | 'newer'> {
  const [first, last] = [runs[0]?.position, runs.at(-1)?.position]
  const next = isMore ? searchedTo?.position : undefined
  if (start.before !== undefined) return { older: last, newer: next ?? (isMore ? first : undefined) }
  const isFirst = Object.keys(start).length === 0
  return { older: next ?? (isMore ? last : undefined), newer: isFirst ? undefined : first }
}
