import type { Clock } from '../../shared/time/clock.ts'
import type { Store } from '../../store/ports.ts'
import type { EventStream } from '../events.ts'
import type { Registry } from '../registry/registry.ts'
import type { Schemas } from '../registry/schemas.ts'
import { createRunExport, type OpenExport } from './export.ts'
import type { HistoryIndex } from './indexing.ts'
import { createRunLists, type RunLists } from './list.ts'
import { createRunQueries, type RunQueries } from './queries.ts'
import { createSameErrors, type SameErrorReader } from './same-error.ts'
import { createSavedViews, type SavedViews } from './saved-views.ts'
import { type AgentDayReader, createAgentDays } from './sums/agent-days.ts'

export type HistoryService = {
  runList: RunLists
  runQueries: RunQueries
  sameError: SameErrorReader
  agentDays: AgentDayReader
  savedViews: SavedViews
  exportRuns: OpenExport
}

export function createHistoryService(deps: {
  store: Pick<Store, 'history' | 'views' | 'revision'>
  registry: Registry
  schemas: Schemas
  clock: Clock
  newId: () => string
  events: Pick<EventStream, 'emit'>
  historyState: HistoryIndex['state']
  soFarSeconds: (runId: string) => number | undefined
}): HistoryService {
  const { store, registry, schemas, clock, newId, events } = deps
  const { now } = clock
  return {
    runList: createRunLists({ store, registry, schemas, now, soFarSeconds: deps.soFarSeconds }),
    runQueries: createRunQueries(store.history, now),
    agentDays: createAgentDays(store.history, clock),
    sameError: createSameErrors(store),
    savedViews: createSavedViews({
      views: store.views,
      history: store.history,
      context: () => ({ now: now(), isPosition: store.history.isPosition }),
      newId,
      events,
    }),
    exportRuns: createRunExport({ history: store.history, registry, now, historyState: deps.historyState }),
  }
}
