import { createMemo } from '../../../shared/memo.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import { createOutcomes } from '../../history/outcomes.ts'
import { readPosition, writePosition } from '../../history/positions.ts'
import { seqAt } from '../../history/ranges.ts'
import type { HistoryStore } from '../../ports/history.ts'
import type { RunListPage } from '../../ports/run-pages.ts'
import type { Store } from '../file/open.ts'
import { createCounting } from './counting/counting.ts'
import { createExport } from './export.ts'
import { createAgentFigures } from './figures/agents.ts'
import { createRunCosts } from './figures/costs.ts'
import { createRunFigures } from './figures/figures.ts'
import { createRunIndex } from './filling.ts'
import { createInputLines } from './input-lines.ts'
import { createRunLists } from './list.ts'
import { foundRun } from './listed-row.ts'
import { createLookUp } from './look-up.ts'
import { createRunOverview } from './overview.ts'
import { createPages } from './pages.ts'
import { createRunPayloads } from './payloads.ts'
import { createRunReading, usualLimits } from './reading.ts'
import { createSearchIndex } from './search-index.ts'
import type { RunNames } from './selection/names.ts'
import { createRunSums } from './sums.ts'

const backgroundBudget = 4000
const maxNames = 100

/** What was read for lists is kept until somebody changes the database. `limits` are for tests. */
export function createHistoryStore(file: Store, { elapsed }: Clock, limits = usualLimits): HistoryStore {
  const { db, revision, changedRuns } = file
  const memo = createMemo(revision)
  const outcomes = createOutcomes(changedRuns)
  const reading = createRunReading(db, limits, outcomes)
  const { names } = reading
  const inBackground = createRunReading(db, { ...limits, budget: Math.min(limits.budget, backgroundBudget) }, outcomes)
  const lists = createRunLists(reading)
  const stepLists = createRunLists(inBackground)
  const page = createPages(lists, stepLists)
  const sums = createRunSums(db, names)
  const counting = createCounting({ reading, sums, revision, changedRuns })
  const figuresOf = createRunFigures(reading, sums)
  const costs = createRunCosts(db)
  const agentFigures = createAgentFigures(db)
  const lookUp = createLookUp(db, names)
  const overview = createRunOverview(file)
  const payloadsOf = createRunPayloads(file)

  return {
    lookUp: async (asked, agents) => lookUp(asked, agents),
    page,

    async list(selection, request, agents) {
      const found = await memo(`list ${JSON.stringify([selection, request])}`, () => page(selection, request))
      const { runs, isMore, searchedTo } = found
      const hasNext = !searchedTo && (request.before === undefined ? isMore : runs.length > 0)
      return {
        ...found,
        ...counting.forList(selection, runs.length + (hasNext ? 1 : 0)),
        names: memo(agents ? `names ${JSON.stringify(agents)}` : 'names', () =>
          namesIn(agents ? names.ofAgents(agents) : names),
        ),
      }
    },

    count: async (selection) => counting.count(selection),
    countAhead: counting.ahead,

    async countAfter(selection, position, max) {
      const key = `after ${position} ${max} ${JSON.stringify(selection)}`
      return memo(key, () => lists.countAfter(selection, readPosition(position, 'started')!, max))
    },

    async figures(selection, now, zone) {
      const { runs, isWhole } = counting.sample(selection)
      const key = `figures ${runs.length} ${isWhole} ${Math.floor(now / 1000)} ${zone.name} ${JSON.stringify(selection)}`
      const figures = memo(key, () => figuresOf(selection, now, zone, () => ({ runs, isWhole })))
      return { ...figures, total: counting.ofFigures(selection, figures.runs) }
    },

    costs: async (ranges, agents) => ranges.map((range) => costs.total(range, agents)),
    costsByAgent: async (ranges) => ranges.map((range) => costs.byAgent(range)),

    agentFigures: async (range) => agentFigures(range),
    found: async (ids) => lists.found(ids).map(foundRun),
    texts: async (id) => payloadsOf([id], 1)[0],
    export: createExport(file, stepLists),
    overview: async (request) => overview(request),

    isPosition: (text, by) => readPosition(text, by) !== undefined,
    positionAt: (startedAt) => writePosition({ seq: seqAt(startedAt) }),

    ...createIndexes(file, elapsed),
  }
}

function namesIn({ statuses, workflows, agentIds }: Pick<RunNames, keyof RunListPage['names']>): RunListPage['names'] {
  return { statuses: statuses(maxNames), workflows: workflows(maxNames), agentIds: agentIds(maxNames) }
}

type Indexes = Pick<
  HistoryStore,
  'begin' | 'progress' | 'takeIn' | 'unindexed' | 'index' | 'addInputLines' | 'tidyIndex'
>

function createIndexes(file: Store, elapsed: () => number): Indexes {
  const runIndex = createRunIndex(file, elapsed)
  const searchIndex = createSearchIndex(file, elapsed)
  const inputLines = createInputLines(file, elapsed)
  return {
    async begin() {
      inputLines.begin()
      runIndex.begin()
      searchIndex.begin()
    },
    progress: async () => runIndex.progress(),
    takeIn: runIndex.step,
    unindexed: async (max) => searchIndex.waiting(max),
    index: searchIndex.step,
    addInputLines: inputLines.step,
    tidyIndex: searchIndex.merge,
  }
}
