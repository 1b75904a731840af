import type { RunStore } from '../../ports/runs.ts'
import type { Store } from '../file/open.ts'
import { createLatestCompleted } from './latest-completed.ts'
import { createNodeStates } from './node-states.ts'
import { createRunSummaries } from './summaries.ts'
import type { RunTable } from './table.ts'

export function createRunStore(store: Pick<Store, 'db' | 'write'>, table: RunTable): RunStore {
  const { write } = store
  const index = createRunSummaries(store)
  const latestCompleted = createLatestCompleted(store)
  // Another program may write between any two queries that are not in one transaction.
  const details = store.db.$client.transaction((id: string) => {
    const run = table.get(id)
    return run && { run, events: table.events(id), exchanges: table.exchanges(id), reruns: index.rerunsOf(id) }
  })

  return {
    get: async (id) => table.get(id),
    records: async (ids) => ids.map((id) => table.get(id)),
    details: async (id) => details.deferred(id),
    summaries: async (ids) => index.summaries(ids),
    earlier: async (id, max) => index.earlier(id, max),
    latestInputs: async (agentId, max) => index.latestInputs(agentId, max),
    latestCompleted: async (agent, workflow, max) => latestCompleted(agent, workflow, max),
    unfinished: async () => index.unfinished(),
    schema: async (schemaId) => table.schema(schemaId),
    accept: (acceptance) => write(() => table.accept(acceptance)),
    change: (id, decide, exchange) => write(() => table.change(id, decide, exchange)),
    report: (reports) => write(() => reports.forEach(table.report)),
    ...createNodeStates(store),
  }
}
