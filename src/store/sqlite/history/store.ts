import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../../shared/clock.ts'
import { createMemo } from '../../../shared/memo.ts'
import type { HistoryStore, NamesAsked, NamesFound, PageRequest, RunListPage, RunPage } from '../../ports/history.ts'
import type { RunSelection } from '../../ports/run-selection.ts'
import type { Store } from '../file/open.ts'
import { createCounting } from './counting/counting.ts'
import { createExport } from './export.ts'
import { createRunFigures } from './figures/figures.ts'
import { createRunIndex } from './filling.ts'
import { createRunLists, type ListedRunRow } from './list.ts'
import { createRunOverviewTable } from './overview.ts'
import { createOverviewFacts, foundRun } from './overview-facts.ts'
import { readPosition, writePosition } from './positions.ts'
import { msOf, seqAt } from './ranges.ts'
import { createRunReading, usualLimits } from './reading.ts'
import type { RunPlace } from './scan.ts'
import { createSearchIndex } from './search-index.ts'
import { createRunSums } from './sums.ts'

/** Where nobody waits for it, looking for runs is interrupted as often; in microseconds or so. */
const backgroundBudget = 4000
const maxNames = 100

/**
 * The history, as it is kept in `run_index` and in what is made of it. What was read for lists is kept for as long as
 * nobody changes the database. `limits` are for tests.
 */
export function createHistoryStore(file: Store, { elapsed }: Clock, limits = usualLimits): HistoryStore {
  const { db, revision, write } = file
  const reading = createRunReading(db, limits)
  const inBackground = createRunReading(db, { ...limits, budget: Math.min(limits.budget, backgroundBudget) })
  const { names, known } = reading
  const lists = createRunLists(reading)
  const stepLists = createRunLists(inBackground)
  const sums = createRunSums(db, names)
  const counting = createCounting({ reading, sums, revision })
  const figuresOf = createRunFigures(reading, sums)
  const facts = createOverviewFacts(createRunOverviewTable(file))
  const runIndex = createRunIndex(file, elapsed)
  const searchIndex = createSearchIndex(file, elapsed)
  const memo = createMemo(revision)

  async function page(
    selection: RunSelection,
    { order, after, from, before, max, isBackground }: PageRequest,
  ): Promise<RunPage> {
    const at = (position: string | undefined): RunPlace | undefined =>
      position === undefined ? undefined : readPosition(position, order.by)
    const start = { after: at(after) ?? justBefore(at(from), order.isDescending), before: at(before) }
    const turns = (isBackground ? stepLists : lists).pageInTurns(selection, { order, ...start, size: max })
    const { rows, isMore, searchedTo } = await afterTurns(turns)
    const positionOf = (row: ListedRunRow) => writePosition(placeIn(row, order.by))
    return {
      runs: rows.map((row) => ({ ...foundRun(row), position: positionOf(row) })),
      isMore,
      searchedTo: searchedTo && { position: writePosition(searchedTo), startedAt: msOf(searchedTo.seq) },
    }
  }

  /** What could not be read is read again when it is asked for again. */
  function keptPage(selection: RunSelection, request: PageRequest): Promise<RunPage> {
    const kept = memo<{ page?: Promise<RunPage> | undefined }>(
      `list ${JSON.stringify([selection, request])}`,
      () => ({}),
    )
    kept.page ??= page(selection, request).catch((error: unknown) => {
      kept.page = undefined
      throw error
    })
    return kept.page
  }

  async function list(selection: RunSelection, request: PageRequest): Promise<RunListPage> {
    const found = await keptPage(selection, request)
    const { runs, isMore, searchedTo } = found
    const hasNext = !searchedTo && (request.before === undefined ? isMore : runs.length > 0)
    return {
      ...found,
      ...counting.forList(selection, runs.length + (hasNext ? 1 : 0)),
      names: memo('names', () => ({
        statuses: names.statuses(maxNames),
        workflows: names.workflows(maxNames),
        agentIds: names.agentIds(maxNames),
      })),
    }
  }

  function lookUp({ names, ids }: NamesAsked): NamesFound {
    const found = names.filter(({ kind, name }) => known.hasName(kind, name))
    const missing = new Set(names.filter((name) => !found.includes(name)).map(({ kind }) => kind))
    return {
      names: found,
      all: Object.fromEntries([...missing].map((kind) => [kind, known.names(kind)])),
      ids: ids.filter((id) => known.hasRun(id, id.isWhole)),
    }
  }

  return {
    lookUp: async (asked) => lookUp(asked),
    page,
    list,
    count: async (selection) => counting.count(selection),
    countAhead: counting.ahead,

    async countAfter(selection, position, max) {
      const key = `after ${position} ${max} ${JSON.stringify(selection)}`
      return memo(key, () => lists.countAfter(selection, readPosition(position, 'started')!, max))
    },

    async figures(selection, now) {
      const { runs, isWhole } = counting.sample(selection)
      const key = `figures ${runs.length} ${isWhole} ${Math.floor(now / 1000)} ${JSON.stringify(selection)}`
      const figures = memo(key, () => figuresOf(selection, now, () => ({ runs, isWhole })))
      return { ...figures, total: counting.ofFigures(selection, figures.runs) }
    },

    texts: async (id) => reading.payloadsOf(id),
    export: createExport(file, stepLists),
    overview: async (request) => facts(request),

    isPosition: (text, by) => readPosition(text, by) !== undefined,
    positionAt: (startedAt) => writePosition({ seq: seqAt(startedAt) }),

    async begin() {
      runIndex.begin()
      searchIndex.begin()
    },
    progress: async () => runIndex.progress(),
    takeIn: runIndex.step,
    unindexed: async (max) => searchIndex.waiting(max),
    index: searchIndex.step,
    tidyIndex: searchIndex.merge,
    announce: () => write(() => undefined, { isRepeatable: true }),
  }
}

async function afterTurns<Result>(turns: Generator<void, Result, undefined>): Promise<Result> {
  for (;;) {
    const { done, value } = turns.next()
    if (done) return value
    await setImmediate()
  }
}

function placeIn(row: ListedRunRow, by: PageRequest['order']['by']): RunPlace {
  const { seq, durationSeconds, totalTokens, totalCostUsd } = row
  if (by === 'started') return { seq }
  return { seq, value: { duration: durationSeconds, tokens: totalTokens, cost: totalCostUsd }[by] }
}

/** The place before this one in the order, so that the run there is on the page. */
function justBefore(place: RunPlace | undefined, isDescending: boolean): RunPlace | undefined {
  return place && { ...place, seq: place.seq + (isDescending ? 1 : -1) }
}
