import { expect, test } from 'vitest'
import { localActor } from '../../src/shared/actor.ts'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, register } from '../support/app.ts'
import { createTestClock, settle } from '../support/clock.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { openGivenStore } from '../support/store/database.ts'
import { rawCount, rawRows } from '../support/store/raw.ts'
import { slowly } from '../support/store/slow-store.ts'

/** A dashboard whose store is on another machine. */
async function withSlowStore() {
  const clock = createTestClock()
  const app = await buildTestApp(
    {},
    {
      clock,
      openStore: async (...given) => {
        const store = await openGivenStore(...given)
        return { ...store, runs: slowly(store.runs), bulk: slowly(store.bulk) }
      },
    },
  )
  return { app, clock, agent: await startAgent() }
}

test('an action that is stopped while its runs are read does nothing more', async () => {
  const { app, clock, agent } = await withSlowStore()
  await register(app, agent.url)
  const ofWriter = { workflow_name: 'writer', agent_id: 'writer', status: 'failed', inputs: '{"topic": "a"}' }
  await insertRuns(app, Array(60).fill(ofWriter))
  const reruns = (table: string) => `${table} WHERE rerun_of IS NOT NULL`
  const made = () => rawCount(app, reruns('workflow_runs'), reruns('runs'))
  const all = { action: 'rerun', filter: 'status=failed', confirm: true }
  for (let rounds = 0; rounds < 12; rounds++) {
    const { json } = await api(app, 'POST', '/runs/bulk', all)
    // At another moment of a step each time.
    while ((await made()) === 0) {
      await clock.advance(5)
      for (let turn = 0; turn < rounds; turn++) await new Promise((resolve) => setImmediate(resolve))
    }
    const { done } = await app.orchestrator.bulk.stop(json.bulk_id, localActor)
    const then = await made()
    expect(done).toBe(then)
    await clock.advance(1000)
    await settle()
    expect(await made()).toBe(then)
    await rawRows(app, `DELETE FROM ${reruns('workflow_runs')}`, `DELETE FROM ${reruns('runs')}`)
  }
})
