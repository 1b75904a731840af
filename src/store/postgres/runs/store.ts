import type { RunStore } from '../../ports/runs.ts'
import type { Database } from '../database/open.ts'
import { eq } from '../sql/drizzle.ts'
import { inputSchemas } from '../sql/schema/runs.ts'
import { eventsOf, exchangesOf } from './log.ts'
import { statesOf, stateText } from './node-states.ts'
import * as summaries from './summaries.ts'
import { getRun, getRuns, type RunTable } from './table.ts'

export function createRunStore({ read, readMoment, write }: Database, table: RunTable): RunStore {
  return {
    get: (id) => read((session) => getRun(session, id)),

    records: (ids) => read((session) => getRuns(session, ids)),

    details: (id) =>
      readMoment(async (session) => {
        const run = await getRun(session, id)
        if (!run) return undefined
        const [events, exchanges] = [await eventsOf(session, id), await exchangesOf(session, id)]
        return { run, events, exchanges, reruns: await summaries.rerunsOf(session, id) }
      }),

    summaries: (ids) => read((session) => summaries.summaries(session, ids)),
    earlier: (id, max) => read((session) => summaries.earlier(session, id, max)),
    latestInputs: (agentId, max) => read((session) => summaries.latestInputs(session, agentId, max)),
    latestCompleted: (agent, workflow, max) =>
      read((session) => summaries.latestCompleted(session, agent, workflow, max)),
    unfinished: (owner) => read((session) => summaries.unfinished(session, owner)),

    schema: (schemaId) =>
      read(async ({ db }) => {
        const [found] = await db.select().from(inputSchemas).where(eq(inputSchemas.id, schemaId))
        return found?.text
      }),

    accept: (acceptance) => write((session) => table.accept(session, acceptance), { isPrepared: true }),
    change: (id, decide, exchange, owner) =>
      write((session) => table.change(session, id, decide, exchange, owner), { isPrepared: true }),
    report: (reports) => write((session) => table.report(session, reports), { isPrepared: true }),

    nodeStates: (runId, page) => readMoment((session) => statesOf(session, runId, page)),
    nodeStateText: (runId, id) => read((session) => stateText(session, runId, id)),
  }
}
