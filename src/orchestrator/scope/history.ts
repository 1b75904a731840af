import type { HistoryStore } from '../../store/ports/history.ts'
import type { RunSelection } from '../../store/ports/run-selection.ts'
import { notForReaders, type Scope } from './scope.ts'

export function narrowHistory(history: HistoryStore, { has, within }: Scope): HistoryStore {
  // Where none of the chosen agents is listed, the list is empty and selects nothing. Runs of no agent are nobody's.
  const selected = ({ agents, isLocal, ...rest }: RunSelection): RunSelection => ({
    ...rest,
    agents: within(isLocal ? (agents ?? []) : agents),
  })
  const found: HistoryStore['found'] = async (ids) => (await history.found(ids)).filter(({ agent }) => has(agent))

  return {
    lookUp: (asked, agents) => history.lookUp(asked, within(agents)),
    page: (selection, request) => history.page(selected(selection), request),
    list: (selection, request, agents) => history.list(selected(selection), request, within(agents)),
    count: (selection) => history.count(selected(selection)),
    countAhead: (selection, isPatient) => history.countAhead(selected(selection), isPatient),
    countAfter: (selection, position, max) => history.countAfter(selected(selection), position, max),
    figures: (selection, now, zone) => history.figures(selected(selection), now, zone),
    costs: (ranges, agents) => history.costs(ranges, within(agents)),

    costsByAgent: async (ranges) =>
      (await history.costsByAgent(ranges)).map((costs) => new Map([...costs].filter(([agent]) => has(agent)))),

    agentFigures: async (range) => (await history.agentFigures(range)).filter(({ agent }) => has(agent)),
    found,
    texts: async (id) => ((await found([id])).length > 0 ? history.texts(id) : undefined),
    export: (selection, order) => history.export(selected(selection), order),

    async overview(request) {
      const facts = await history.overview({ ...request, agents: within(request.agents) })
      const isAsked = request.failedSince.map(({ agent }) => has(agent))
      return { ...facts, failedSince: facts.failedSince.map((runs, index) => (isAsked[index] ? runs : 0)) }
    },

    isPosition: history.isPosition,
    positionAt: history.positionAt,
    // How far the dashboard is with reading says nothing of single agents.
    progress: history.progress,

    begin: notForReaders,
    takeIn: notForReaders,
    unindexed: notForReaders,
    index: notForReaders,
    addInputLines: notForReaders,
    tidyIndex: notForReaders,
  }
}
