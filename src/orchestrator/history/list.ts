import { createMemo } from '../../shared/memo.ts'
import type { FoundRun, PageStart, RunFigures, RunListPage, RunPosition } from '../../store/ports/history.ts'
import type { Store } from '../../store/ports.ts'
import type { Registry } from '../registry/registry.ts'
import type { Schemas } from '../registry/schemas.ts'
import { agentOfRun } from '../runs/agent-of-run.ts'
import type { ListedRun } from '../runs/runs.ts'
import { writeColumn } from './columns.ts'
import { localRuns, orderOf, type RunFilter, type RunQuery } from './filter.ts'
import { type PinnedValue, pinnedValue } from './pinned-value.ts'
import { type FieldSuggestion, fieldSuggestions } from './search/field-suggestions.ts'
import { selectionIn } from './selection.ts'

export type { RunFigures } from '../../store/ports/history.ts'

/** `pinned`: what each pinned column leads to, by its name. `error`: the first 200 characters. */
export type RunListRow = ListedRun & { error: string | null; pinned: Map<string, PinnedValue | undefined> }

/** A page of the history, and what surrounds it. */
export type RunList = Pick<RunListPage, 'counts' | 'total'> & {
  query: RunQuery
  runs: RunListRow[]
  /** The neighbouring pages; undefined where there is none. */
  older: RunPosition | undefined
  newer: RunPosition | undefined
  /** How far was looked for what this page shows, where the rest is left to another request; and when that was. */
  searchedTo: RunPosition | undefined
  searchedAt: number | undefined
  /** From this position on are the runs of a first page that begins with the newest. */
  top: RunPosition | undefined
  /** Those that there are anywhere in the history. */
  statuses: string[]
  /** Agents that can be filtered by: the registered ones, and those that have runs. */
  agents: { id: string; name: string | undefined }[]
  workflows: string[]
  /** The value of `agent` that asks for runs of no agent. */
  localRuns: string
}

const pageSize = 50
const maxArrived = 999
const maxAgentsAsked = 5
const maxSchemasRead = 20
const maxPayloadsRead = 20

export type RunLists = ReturnType<typeof createRunLists>

/** Reads the list of runs, its counts and its chart. */
export function createRunLists(deps: {
  store: Pick<Store, 'history' | 'revision'>
  registry: Registry
  schemas: Pick<Schemas, 'recall'>
  now: () => number
}) {
  const { store, registry, schemas, now } = deps
  const { history } = store
  const memo = createMemo(store.revision)
  /** By the page that the store gave: for as long as it gives the same one, its payloads need not be read again. */
  const shown = new WeakMap<FoundRun[], { columns: string; runs: Promise<RunListRow[]> }>()
  const selected = (filter: RunFilter) =>
    memo(`selection ${JSON.stringify(filter)}`, () => selectionIn(history, filter))

  async function list(query: RunQuery, from?: RunPosition): Promise<RunList> {
    const { filter, sort } = query
    const start: PageStart = from === undefined ? startOf(query) : { from }
    const page = await history.list(await selected(filter), { order: orderOf(sort), ...start, max: pageSize })
    const { isMore, counts, total, names } = page
    const searchedTo = page.searchedTo?.position
    const [first, last] = [page.runs[0]?.position, page.runs.at(-1)?.position]
    const next = isMore ? searchedTo : undefined
    const isFirst = Object.keys(start).length === 0
    return {
      query,
      runs: await shownRuns(page.runs, query.columns),
      older: start.before === undefined ? (next ?? (isMore ? last : undefined)) : last,
      newer: start.before === undefined ? (isFirst ? undefined : first) : (next ?? (isMore ? first : undefined)),
      searchedTo,
      searchedAt: page.searchedTo?.startedAt,
      top: isFirst && sort === 'started' ? topOf(page.runs[0], searchedTo !== undefined) : undefined,
      counts,
      total,
      statuses: names.statuses,
      agents: agentsToChoose(names.agentIds),
      workflows: names.workflows,
      localRuns,
    }
  }

  // A search that was not carried to its end has to begin where it began to end there again.
  function topOf(first: RunListPage['runs'][number] | undefined, isCut: boolean): RunPosition | undefined {
    return isCut && !(first && first.startedAt >= now()) ? history.positionAt(now()) : first?.position
  }

  function shownRuns(runs: FoundRun[], columns: RunQuery['columns']): Promise<RunListRow[]> {
    const key = JSON.stringify(columns)
    const known = shown.get(runs)
    if (known?.columns === key) return known.runs
    const read = readRuns(runs, columns)
    shown.set(runs, { columns: key, runs: read })
    read.catch(() => shown.delete(runs))
    return read
  }

  /** Payloads can be megabytes: they are read one after the other, and only what is pinned is kept. */
  async function readRuns(runs: FoundRun[], columns: RunQuery['columns']): Promise<RunListRow[]> {
    const rows: RunListRow[] = []
    for (const run of runs) rows.push({ ...listed(run), pinned: await pinnedOf(run.id, columns) })
    return rows
  }

  function listed(run: FoundRun): ListedRun & { error: string | null } {
    const { id, workflow, status, startedAt, completedAt, durationSeconds, totalTokens, totalCostUsd, error } = run
    const agentId = agentOfRun(run, registry)
    return { id, agentId, workflow, status, startedAt, completedAt, durationSeconds, totalTokens, totalCostUsd, error }
  }

  async function pinnedOf(id: string, columns: RunQuery['columns']): Promise<RunListRow['pinned']> {
    const pinned = columns.filter((column) => column.kind === 'pinned')
    const texts = pinned.length === 0 ? undefined : await history.texts(id)
    const valueAt = (side: 'in' | 'out', path: string[]) =>
      pinnedValue((side === 'in' ? texts?.inputs : texts?.outputs) ?? null, path)
    return new Map(pinned.map((column) => [writeColumn(column), valueAt(column.side, column.path)]))
  }

  function agentsToChoose(withRuns: string[]): RunList['agents'] {
    const registered = registry.all().map(({ id, name }) => ({ id, name: name as string | undefined }))
    const removed = withRuns.filter((id) => !registry.has(id))
    return [...registered, ...removed.map((id) => ({ id, name: undefined }))]
  }

  /** Of the newest runs that were completed, of one agent or of any. */
  async function recentTexts(agent: string | undefined) {
    const selection = { agents: agent === undefined ? undefined : [agent], statuses: ['completed'] }
    const { runs } = await history.page(selection, { order: orderOf('started'), max: maxPayloadsRead })
    return Promise.all(runs.map(({ id }) => history.texts(id)))
  }

  return {
    /** Moves whenever a list may look different. */
    revision: store.revision,

    list: (query: RunQuery): Promise<RunList> => list(query),

    /** The page that begins with the run at a position, that included. */
    listFrom: (query: RunQuery, top: RunPosition): Promise<RunList> => list(query, top),

    /**
     * Counts what a query selects before its list is read: to the end in a small history, and to 10,000 runs and for a
     * second or two where `isPatient`. In a large history the list itself counts no more than what is soon found.
     * Resolves to whether counting has come to its end; where it has not, to count again may find more.
     */
    count: async ({ filter }: RunQuery, isPatient = false): Promise<boolean> =>
      history.countAhead(await selected(filter), isPatient),

    /** The chart of what a query shows, and the figures beside it. `total` is that of the list. */
    figures: async ({ filter }: RunQuery): Promise<RunFigures> => history.figures(await selected(filter), now()),

    /** How many runs have come since the newest that is shown, at this position. */
    newSince: async ({ filter }: RunQuery, top: RunPosition): Promise<{ runs: number; isExact: boolean }> =>
      history.countAfter(await selected(filter), top, maxArrived),

    /** The newest runs of an agent. */
    latestOf: (agent: string, max: number): Promise<ListedRun[]> =>
      memo(`latest ${max} ${agent}`, async () => {
        const { runs } = await history.page({ agents: [agent] }, { order: orderOf('started'), max })
        return runs.map(listed)
      }),

    /** How many runs an agent has. */
    countOf: async (agent: string): Promise<number> => (await history.count({ agents: [agent] })).runs,

    /** The fields that a search can name, of the agents that are chosen, or of all. */
    async fields(agents: string[]): Promise<FieldSuggestion[]> {
      const chosen = agents.filter((agent) => agent !== localRuns).slice(0, maxAgentsAsked)
      const known = chosen.length > 0 ? chosen.flatMap((id) => registry.find(id) ?? []) : registry.all()
      const recent = (await Promise.all((chosen.length > 0 ? chosen : [undefined]).map(recentTexts))).flat()
      const recalled = await Promise.all(known.slice(0, maxSchemasRead).map(schemas.recall))
      return fieldSuggestions(
        recalled.flatMap((found) => found?.schema ?? []),
        { in: recent.flatMap((texts) => texts?.inputs ?? []), out: recent.flatMap((texts) => texts?.outputs ?? []) },
      )
    },
  }
}

function startOf({ older, newer }: RunQuery): PageStart {
  if (older !== undefined) return { after: older }
  return newer === undefined ? {} : { before: newer }
}
