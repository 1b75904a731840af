import { expect, test } from 'vitest'
import { localActor } from '../../../src/shared/actor.ts'
import { startAgent } from '../../support/agents/agent.ts'
import { api, buildTestApp, register } from '../../support/app.ts'
import { openGivenStore } from '../../support/store/database.ts'
import { slowly } from '../../support/store/slow-store.ts'

test('a run that ends while it is read is never shown as running with nobody at work on it', async () => {
  const agent = await startAgent()
  const app = await buildTestApp(
    {},
    {
      openStore: async (...given) => {
        const store = await openGivenStore(...given)
        return { ...store, runs: { ...store.runs, details: slowly(store.runs).details } }
      },
    },
  )
  await register(app, agent.url)
  for (let round = 0; round < 30; round++) {
    const runId = await app.orchestrator.execute('writer', '{"topic":"a"}', { key: undefined }, localActor)
    for (;;) {
      const { run, progress } = await app.orchestrator.run(runId)
      if (run.status !== 'pending' && run.status !== 'running') break
      expect(progress, `${round}: ${run.status}`).toBeDefined()
    }
  }
  expect((await api(app, 'GET', '/runs')).json.runs).toHaveLength(30)
})
