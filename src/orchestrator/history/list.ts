import { createMemo } from '../../shared/memo.ts'
import type { Store } from '../../store/sqlite/file/open.ts'
import { createRunCounts, createRunSample, type RunCount, type RunSample } from '../../store/sqlite/history/counts.ts'
import { createRunFigures, type RunFigures } from '../../store/sqlite/history/figures.ts'
import { createRunLists as createListTable, type ListedRunRow } from '../../store/sqlite/history/list.ts'
import { msOf, placeOf } from '../../store/sqlite/history/ranges.ts'
import { createRunReading } from '../../store/sqlite/history/reading.ts'
import { createRunSums, total } from '../../store/sqlite/history/sums.ts'
import type { Registry } from '../registry/registry.ts'
import type { Schemas } from '../registry/schemas.ts'
import type { ListedRun } from '../runs/runs.ts'
import { writeColumn } from './columns.ts'
import type { RunPlace } from './cursor.ts'
import { localRuns, type RunFilter, type RunQuery } from './filter.ts'
import { type PinnedValue, pinnedValue } from './pinned-value.ts'
import { type FieldSuggestion, fieldSuggestions } from './search/field-suggestions.ts'
import { orderOf, selectionOf } from './selection.ts'
import { createRunTallies } from './tallies.ts'

export type { RunFigures } from '../../store/sqlite/history/figures.ts'

/** `pinned`: what each pinned column leads to, by its name. `error`: the first 200 characters. */
export type RunListRow = ListedRun & { error: string | null; pinned: Map<string, PinnedValue | undefined> }

/** A page of the history, and what stands around it. */
export type RunList = {
  query: RunQuery
  runs: RunListRow[]
  /** The neighbouring pages; undefined where there is none. */
  older: RunPlace | undefined
  newer: RunPlace | undefined
  /** How far was looked for what this page shows, where the rest is left to another request; and when that was. */
  searchedTo: RunPlace | undefined
  searchedAt: number | undefined
  /** Below this place, or at it, stand the runs of a first page that begins with the newest. */
  top: number | undefined
  /** Runs of each status, whichever statuses are chosen; of the single ones nothing is known where it is not exact. */
  counts: RunCount
  /** Those that there are anywhere in the history. */
  statuses: string[]
  /** How many runs the filter means. */
  total: { runs: number; isExact: boolean }
  /** Agents that can be filtered by: the registered ones, and those that have runs. */
  agents: { id: string; name: string | undefined }[]
  workflows: string[]
  /** The value of `agent` that asks for runs of no agent. */
  localRuns: string
}

const measured = (row: ListedRunRow, by: 'duration' | 'tokens' | 'cost') =>
  ({ duration: row.durationSeconds, tokens: row.totalTokens, cost: row.totalCostUsd })[by]

const pageSize = 50
const mostOfSmallHistory = 10_000
/** In microseconds or so. */
const mostPatience = 2_000_000
const mostArrived = 999
const mostNames = 100
const agentsAsked = 5
const schemasRead = 20
const payloadsRead = 20

export type RunLists = ReturnType<typeof createRunLists>

/** Reads the list of runs, its counts and its chart. What was read is kept for as long as nobody changes the database. */
export function createRunLists(deps: {
  store: Store
  registry: Registry
  schemas: Pick<Schemas, 'recall'>
  now: () => number
}) {
  const { store, registry, schemas, now } = deps
  const reading = createRunReading(store.db)
  const { names } = reading
  const table = createListTable(reading)
  const sums = createRunSums(store.db, names)
  const countsOf = createRunCounts(reading, sums)
  const figuresOf = createRunFigures(reading, sums)
  const sampleOf = createRunSample(reading)
  const tallies = createRunTallies({ reading, revision: store.revision })
  const memo = createMemo(store.revision)
  const selected = (filter: RunFilter) => selectionOf(filter, reading.known)
  const isSummed = (filter: RunFilter) => reading.read(selected(filter)).sums !== undefined
  const isSmall = () => memo('small', () => total(sums.ofAll(reading.read({}))) <= mostOfSmallHistory)
  const ofAllStatuses = (filter: RunFilter): RunFilter => ({ ...filter, statuses: [] })

  /** Where all runs of the filter are known whatever their status, those of its statuses are known too. */
  function sample(filter: RunFilter): RunSample {
    const { statuses } = selected(filter)
    const all = tallies.tallyOf(ofAllStatuses(filter))
    if (statuses && all.isWhole())
      return { runs: all.runs.filter(({ status }) => statuses.includes(status)), isWhole: true }
    return sampleOf(selected(filter), tallies.tallyOf(filter))
  }

  /** Moves whenever more may be known of how many runs a filter means. */
  function progressOf(filter: RunFilter): string {
    const tally = tallies.tallyOf(filter)
    return `${tally.runs.length} ${tally.isWhole()}`
  }

  function counted(filter: RunFilter): RunCount {
    const tally = tallies.tallyOf(filter)
    return memo(`counts ${progressOf(filter)} ${JSON.stringify(filter)}`, () => countsOf(selected(filter), tally))
  }

  /** How many runs the filter means, by all that is known of it, and never fewer than were seen. */
  function countsFor(filter: RunFilter, seen: number): Pick<RunList, 'counts' | 'total'> {
    const counts = counted(ofAllStatuses(filter))
    const meant = totalOf(filter, counts)
    const atLeast = <T extends { runs: number; isExact: boolean }>(count: T): T =>
      count.isExact ? count : { ...count, runs: Math.max(count.runs, seen) }
    return { counts: atLeast(counts), total: atLeast(meant) }
  }

  function totalOf(filter: RunFilter, counts: RunCount): RunList['total'] {
    if (filter.statuses.length === 0) return counts
    const { byStatus } = counts
    if (!byStatus) return counted(filter)
    const statuses = selected(filter).statuses ?? []
    return { runs: statuses.reduce((sum, status) => sum + (byStatus.get(status) ?? 0), 0), isExact: true }
  }

  function read(query: RunQuery): Omit<RunList, 'counts' | 'total'> {
    const { filter, older: after, newer, sort } = query
    const before = after === undefined ? newer : undefined
    const order = orderOf(sort)
    const page = table.page(selected(filter), { order, after, before, size: pageSize })
    const { rows, isMore, searchedTo } = page
    const placeOf = (row: ListedRunRow | undefined): RunPlace | undefined => {
      if (!row || order.by === 'started') return row && { seq: row.seq }
      return { seq: row.seq, value: measured(row, order.by) }
    }
    const [first, last] = [placeOf(rows[0]), placeOf(rows.at(-1))]
    const isFirst = after === undefined && before === undefined
    return {
      query,
      runs: rows.map((row) => listed(row, query)),
      older: before === undefined ? (isMore ? (searchedTo ?? last) : undefined) : last,
      newer: before === undefined ? (isFirst ? undefined : first) : isMore ? (searchedTo ?? first) : undefined,
      searchedTo,
      searchedAt: searchedTo && msOf(searchedTo.seq),
      top: isFirst && sort === 'started' ? topOf(rows[0]?.seq, searchedTo !== undefined) : undefined,
      agents: agentsToChoose(),
      statuses: memo('statuses', () => names.statuses(mostNames)),
      workflows: memo('workflows', () => names.workflows(mostNames)),
      localRuns,
    }
  }

  // A search that was not carried to its end has to begin where it began to end there again.
  const topOf = (first: number | undefined, isCut: boolean): number | undefined =>
    isCut ? Math.max(first ?? 0, placeOf(now())) : first

  function listed(row: ListedRunRow, { columns }: Pick<RunQuery, 'columns'>): RunListRow {
    const { seq: _, agent, rerunOf: __, ...run } = row
    return {
      ...run,
      // A run of an agent that Python recorded says so only by its workflow_name being the agent's id.
      agentId: row.agentId ?? (registry.has(agent) ? agent : undefined),
      pinned: pinnedOf(row.id, columns),
    }
  }

  function pinnedOf(id: string, columns: RunQuery['columns']): RunListRow['pinned'] {
    const pinned = columns.filter((column) => column.kind === 'pinned')
    const payloads = pinned.length === 0 ? undefined : table.payloads(id)
    const valueAt = (side: 'in' | 'out', path: string[]) =>
      pinnedValue((side === 'in' ? payloads?.inputs : payloads?.outputs) ?? null, path)
    return new Map(pinned.map((column) => [writeColumn(column), valueAt(column.side, column.path)]))
  }

  const agentsToChoose = () =>
    memo('agents', () => {
      const registered = registry.all().map(({ id, name }) => ({ id, name: name as string | undefined }))
      const removed = names.agentIds(mostNames).filter((id) => !registry.has(id))
      return [...registered, ...removed.map((id) => ({ id, name: undefined }))]
    })

  /** Of the newest runs that were completed, of one agent or of any. */
  function recentPayloads(agent: string | undefined) {
    const selection = { agents: agent === undefined ? undefined : [agent], statuses: ['completed'] }
    const { rows } = table.page(selection, { order: orderOf('started'), size: payloadsRead })
    return rows.flatMap(({ id }) => table.payloads(id) ?? [])
  }

  return {
    /** Moves whenever a list may look different. */
    revision: store.revision,

    list(query: RunQuery): RunList {
      const page = memo(`list ${JSON.stringify(query)}`, () => read(query))
      const { runs, older, searchedTo } = page
      const seen = runs.length + (older && !searchedTo ? 1 : 0)
      const counted = [query.filter, ofAllStatuses(query.filter)].map(progressOf).join()
      return memo(`counted list ${counted} ${JSON.stringify(query)}`, () => ({
        ...page,
        ...countsFor(query.filter, seen),
      }))
    },

    /**
     * Counts what a query means before its list is read: to the end in a small history, and to 10,000 runs and for a
     * second or two where `isPatient`. In a large history the list itself counts no more than what is soon found.
     */
    async count({ filter }: RunQuery, isPatient = false): Promise<void> {
      const all = ofAllStatuses(filter)
      if (isSummed(all) || !(isPatient || isSmall())) return
      await tallies.advance(all, mostPatience)
    },

    /** Whether counting what a query means has come to its end; where it has not, `count` may find more. */
    isCounted({ filter }: RunQuery): boolean {
      const all = ofAllStatuses(filter)
      return isSummed(all) || !tallies.tallyOf(all).canGrow()
    },

    /** The chart of what a query shows, and the figures beside it. `total` is that of the list. */
    figures({ filter }: RunQuery): RunFigures & { total: RunList['total'] } {
      const { runs, isWhole } = sample(filter)
      const key = `figures ${runs.length} ${isWhole} ${Math.floor(now() / 1000)} ${JSON.stringify(filter)}`
      const figures = memo(key, () => figuresOf(selected(filter), now(), () => ({ runs, isWhole })))
      // Sums tell a chart of all runs, and to count these anew takes as long as to chart them.
      const total = isSummed(filter) ? { runs: figures.runs, isExact: true } : countsFor(filter, figures.runs).total
      return { ...figures, total }
    },

    /** How many runs have come since the newest that is shown, at this place. */
    newSince: ({ filter }: RunQuery, top: number): { runs: number; isExact: boolean } =>
      memo(`new ${top} ${JSON.stringify(filter)}`, () => table.countAfter(selected(filter), { seq: top }, mostArrived)),

    /** The newest runs of an agent. */
    latestOf: (agent: string, most: number): ListedRun[] =>
      memo(`latest ${most} ${agent}`, () =>
        table
          .page({ agents: [agent] }, { order: orderOf('started'), size: most })
          .rows.map((row) => listed(row, { columns: [] })),
      ),

    /** How many runs an agent has. */
    countOf: (agent: string): number => counted({ agents: [agent], statuses: [], search: [] }).runs,

    /** The fields that a search can name, of the agents that are chosen, or of all. */
    async fields(agents: string[]): Promise<FieldSuggestion[]> {
      const chosen = agents.filter((agent) => agent !== localRuns).slice(0, agentsAsked)
      const known = chosen.length > 0 ? chosen.flatMap((id) => registry.find(id) ?? []) : registry.all()
      const recent = (chosen.length > 0 ? chosen : [undefined]).flatMap(recentPayloads)
      const recalled = await Promise.all(known.slice(0, schemasRead).map(schemas.recall))
      return fieldSuggestions(
        recalled.flatMap((found) => found?.schema ?? []),
        { in: recent.flatMap(({ inputs }) => inputs ?? []), out: recent.flatMap(({ outputs }) => outputs ?? []) },
      )
    },
  }
}
