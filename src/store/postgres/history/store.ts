import { createMemo } from '../../../shared/memo.ts'
import { createKeptHits } from '../../history/kept-hits.ts'
import { createOutcomes } from '../../history/outcomes.ts'
import { readPosition, writePosition } from '../../history/positions.ts'
import { seqAt } from '../../history/ranges.ts'
import type { HistoryStore } from '../../ports/history.ts'
import type { PageRequest, RunListPage, RunPage } from '../../ports/run-pages.ts'
import type { RunSelection } from '../../ports/run-selection.ts'
import type { Database } from '../database/open.ts'
import type { Ask, Session } from '../database/session.ts'
import { createCounting } from './counting/counting.ts'
import { exported, textsOf } from './export.ts'
import { agentFigures } from './figures/agents.ts'
import { costsByAgent, costsOf } from './figures/costs.ts'
import { figuresOf } from './figures/figures.ts'
import { isTimed } from './figures/timed.ts'
import { addInputLines, beginInputLines } from './input-lines.ts'
import { lookUp } from './look-up.ts'
import { overviewOf } from './overview.ts'
import { countAfter, foundRuns, isNewest, newestPage, readPage } from './pages.ts'
import { usualLimits } from './reading.ts'
import { countWaiting, indexAnew, indexSome, tidyIndex } from './search-index.ts'
import { conditionsOf } from './selection/conditions.ts'
import { namesAmong, namesOf } from './selection/names.ts'

const backgroundBudget = 8000
const maxNames = 100

/** What was read for lists is kept until something changes. `limits` are for tests. */
export function createHistoryStore(database: Database, limits = usualLimits): HistoryStore {
  const { readMoment, revision, changedRuns } = database
  const memo = createMemo(revision)
  const kept = { outcomes: createOutcomes(changedRuns), hits: createKeptHits(changedRuns) }
  const ask: Ask = { ...database.ask, ...kept, once: createMemo(revision) }
  const counting = createCounting({ ask, revision, changedRuns, limits })
  const inBackground = { ...limits, budget: Math.min(limits.budget, backgroundBudget) }

  const page = (selection: RunSelection, request: PageRequest): Promise<RunPage> => {
    const most = request.isBackground ? inBackground : limits
    return selection.text && isNewest(request)
      ? newestPage(ask, counting.tallyOf(selection), request.max, most.budget)
      : readPage(ask, selection, request, most)
  }

  async function names(agents: string[] | undefined): Promise<RunListPage['names']> {
    const { statuses, workflows, agentIds } = agents ? namesAmong(ask, agents) : namesOf(ask)
    const [ofStatuses, ofWorkflows, ofAgents] = await Promise.all([
      statuses(maxNames),
      workflows(maxNames),
      agentIds(maxNames),
    ])
    return { statuses: ofStatuses, workflows: ofWorkflows, agentIds: ofAgents }
  }

  return {
    lookUp: (asked, agents) => lookUp(ask, asked, agents),
    page,

    async list(selection, request, agents) {
      const found = await memo(`list ${JSON.stringify([selection, request])}`, () => page(selection, request))
      const { runs, isMore, searchedTo } = found
      const hasNext = !searchedTo && (request.before === undefined ? isMore : runs.length > 0)
      return {
        ...found,
        ...(await counting.forList(selection, runs.length + (hasNext ? 1 : 0))),
        names: await memo(`names ${JSON.stringify(agents)}`, () => names(agents)),
      }
    },

    count: counting.count,
    countAhead: counting.ahead,

    countAfter: (selection, position, max) =>
      memo(`after ${position} ${max} ${JSON.stringify(selection)}`, () =>
        countAfter(ask, selection, readPosition(position, 'started')!, max, limits),
      ),

    async figures(selection, now, zone) {
      const found = await conditionsOf(ask, selection)
      const sample = isTimed(found) ? undefined : await counting.sample(selection)
      const key = `figures ${sample?.runs.length} ${sample?.isWhole} ${Math.floor(now / 1000)} ${zone.name} ${JSON.stringify(selection)}`
      const figures = await memo(key, () => figuresOf(ask, selection, found, now, zone, sample))
      return { ...figures, total: await counting.ofFigures(selection, figures.runs) }
    },

    costs: (ranges, agents) => costsOf(ask, ranges, agents),
    costsByAgent: (ranges) => costsByAgent(ask, ranges),
    agentFigures: (range) => agentFigures(ask, range),
    found: (ids) => foundRuns(ask, ids),
    texts: (id) => textsOf(ask, id),
    export: (selection, order) => exported(ask, selection, order, limits),
    overview: (request) => readMoment((session) => overviewOf(session, request)),

    isPosition: (text, by) => readPosition(text, by) !== undefined,
    positionAt: (startedAt) => writePosition({ seq: seqAt(startedAt) }),

    ...createIndexes(database),
  }
}

type Indexes = Pick<
  HistoryStore,
  'begin' | 'progress' | 'takeIn' | 'unindexed' | 'index' | 'addInputLines' | 'tidyIndex'
>

function createIndexes({ ask, write }: Database): Indexes {
  const silently = <T>(change: (session: Session) => Promise<T>): Promise<T> => write(change, { isSilent: true })
  return {
    async begin() {
      await silently(beginInputLines)
      while (await silently(indexAnew)) {
        // Each portion is a transaction of its own.
      }
    },
    // Every run is in the history from the moment when it is written.
    progress: () => Promise.resolve(undefined),
    takeIn: () => Promise.resolve(),
    unindexed: (max) => countWaiting(ask, max),
    index: () => silently(indexSome),
    addInputLines: () => silently(addInputLines),
    async tidyIndex() {
      await silently(tidyIndex)
      return false
    },
  }
}
