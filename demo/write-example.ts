import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../src/shared/clock.ts'
import { openStore, type Store } from '../src/store/sqlite/file/open.ts'
import { sql } from '../src/store/sqlite/sql/drizzle.ts'
import {
  agents,
  executionStates,
  healthChecks,
  healthIncidents,
  healthRollups,
  workflowRuns,
} from '../src/store/sqlite/sql/schema/tables.ts'
import { exampleAgents } from './example/agents.ts'
import { exampleHealth } from './example/health.ts'
import { createRandom } from './example/random.ts'
import { exampleRuns } from './example/runs.ts'
import { exampleStates } from './example/states.ts'

/** Fixed, so that the same code writes the same file. The demo moves all times to its own present. */
const newestRunAt = Date.UTC(2026, 10, 22, 16, 0, 0)
const seed = 20261122
const dayMs = 86_400_000

async function fill(store: Store): Promise<void> {
  const random = createRandom(seed)
  for (const agent of exampleAgents) {
    const { url: _, schema, registeredDaysAgo, goneDaysAgo, ...row } = agent
    const registeredAt = newestRunAt - registeredDaysAgo * dayMs
    const lastHeartbeat = goneDaysAgo === undefined ? registeredAt : newestRunAt - goneDaysAgo * dayMs
    const { workflow, inputs, outputs } = schema
    const lastSchema = JSON.stringify({ workflow, inputs, outputs })
    const { checks, rollups, incidents } = exampleHealth(agent, newestRunAt, random)
    await store.write(() => {
      store.db
        .insert(agents)
        .values({ ...row, registeredAt, lastHeartbeat, lastSchema })
        .run()
      for (const check of checks) store.db.insert(healthChecks).values(check).run()
      for (const rollup of rollups) store.db.insert(healthRollups).values(rollup).run()
      for (const incident of incidents) store.db.insert(healthIncidents).values(incident).run()
    })
  }
  const runs = exampleRuns(newestRunAt, createRandom(seed))
  const states = exampleStates(runs, createRandom(seed + 1))
  await store.write(() => {
    for (const run of runs) store.db.insert(workflowRuns).values(run).run()
    store.db.insert(executionStates).values(states).run()
  })
}

const target = resolve(process.argv[2] ?? fileURLToPath(new URL('../workflows.db.example', import.meta.url)))
const folder = mkdtempSync(join(tmpdir(), 'configurable-agents-example-'))
try {
  const store = openStore(join(folder, 'working.db'), systemClock)
  await fill(store)
  // One file without a write-ahead log beside it, and without the gaps of a file that grew.
  const whole = join(folder, 'whole.db')
  store.db.run(sql`VACUUM INTO ${whole}`)
  await store.close()
  copyFileSync(whole, target)
  console.log(`Wrote ${target}, ${Math.round(statSync(target).size / 1024)} KiB.`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
