import type { Store } from '../../src/store/sqlite/file/open.ts'
import {
  agents,
  executionStates,
  healthChecks,
  healthIncidents,
  healthRollups,
  runEvents,
  runExchanges,
  workflowRuns,
} from '../../src/store/sqlite/sql/schema/tables.ts'
import { demoAgents } from '../fleet/agents.ts'
import { createRandom } from '../random.ts'
import { agentRow } from './agents.ts'
import { exampleHealth } from './health.ts'
import { exampleRuns } from './runs.ts'
import { exampleStates } from './states.ts'

/** The same code writes the same rows. */
const seed = 20261122

const dayMs = 86_400_000

/** What the demo shows. */
const all = { runShare: 1, healthHoursMs: 30 * dayMs }

/** Fills a database with the agents of the demo and two weeks of work until `now`, or with a part of it. */
export async function fillExample(
  { db, write }: Pick<Store, 'db' | 'write'>,
  now: number,
  { runShare, healthHoursMs } = all,
): Promise<void> {
  const random = createRandom(seed)
  const health = demoAgents.map((agent) => exampleHealth(agent, now, healthHoursMs, random))
  const runs = exampleRuns(now, runShare, createRandom(seed + 1))
  const states = exampleStates(
    runs.map(({ run }) => run),
    createRandom(seed + 2),
  )
  await write(() => {
    for (const agent of demoAgents) db.insert(agents).values(agentRow(agent, now)).run()
    for (const { checks, rollups, incidents } of health) {
      for (const some of inParts(checks)) db.insert(healthChecks).values(some).run()
      for (const some of inParts(rollups)) db.insert(healthRollups).values(some).run()
      for (const some of inParts(incidents)) db.insert(healthIncidents).values(some).run()
    }
    for (const some of inParts(runs.map(({ run }) => run))) db.insert(workflowRuns).values(some).run()
    for (const some of inParts(states)) db.insert(executionStates).values(some).run()
    for (const some of inParts(runs.flatMap(({ log }) => log?.events ?? []))) db.insert(runEvents).values(some).run()
    for (const some of inParts(runs.flatMap(({ log }) => log?.exchanges ?? [])))
      db.insert(runExchanges).values(some).run()
  })
}

/** SQLite takes so many values in one statement. */
function inParts<Row>(rows: Row[]): Row[][] {
  const size = 200
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  )
}
