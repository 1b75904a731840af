import type { RunStore, RunSummary } from '../../store/ports/runs.ts'
import { notForReaders, type Scope } from './scope.ts'

/** What the Python program recorded under the id of an agent is that agent's; a run that repeats another is of its
 * agent. */
export function narrowRuns(runs: RunStore, { has }: Scope): RunStore {
  const isOwn = (run: Pick<RunSummary, 'agent'> | undefined) => run !== undefined && has(run.agent)
  const isOwnId = async (id: string) => isOwn((await runs.summaries([id]))[0])

  return {
    async get(id) {
      const run = await runs.get(id)
      return isOwn(run) ? run : undefined
    },

    records: async (ids) => (await runs.records(ids)).map((run) => (isOwn(run) ? run : undefined)),

    async details(id) {
      const details = await runs.details(id)
      return isOwn(details?.run) ? details : undefined
    },

    summaries: async (ids) => (await runs.summaries(ids)).filter(isOwn),
    earlier: async (id, max) => (await runs.earlier(id, max)).filter(isOwn),
    latestInputs: async (agentId, max) => (has(agentId) ? runs.latestInputs(agentId, max) : []),
    latestCompleted: async (agent, workflow, max) => (has(agent) ? runs.latestCompleted(agent, workflow, max) : []),
    // Only a run that was found names one.
    schema: runs.schema,
    nodeStates: async (id, page) => ((await isOwnId(id)) ? runs.nodeStates(id, page) : undefined),
    nodeStateText: async (id, state) => ((await isOwnId(id)) ? runs.nodeStateText(id, state) : undefined),

    unfinished: notForReaders,
    accept: notForReaders,
    change: notForReaders,
    report: notForReaders,
  }
}
