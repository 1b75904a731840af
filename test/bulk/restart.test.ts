import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, page, register, type TestApp } from '../support/app.ts'
import { createTestClock, settle, type TestClock } from '../support/clock.ts'
import { insertRuns } from '../support/runs/runs.ts'
import { storedRuns } from '../support/runs/stored.ts'
import { rawRows } from '../support/store/raw.ts'

type Progress = { done: number }

async function open(config: { db?: string } = {}) {
  const clock = createTestClock()
  const app = await buildTestApp(config, { clock })
  return { app, clock }
}

const job = async (app: TestApp, id: string) => (await api(app, 'GET', `/runs/bulk/${id}`)).json

async function begun(runs: number, body: object) {
  const agent = await startAgent()
  const first = await open()
  await register(first.app, agent.url)
  const ofWriter = { workflow_name: 'writer', agent_id: 'writer', status: 'failed', inputs: '{"topic": "a"}' }
  await insertRuns(first.app, Array(runs).fill(ofWriter))
  const { json } = await api(first.app, 'POST', '/runs/bulk', { ...body, filter: 'status=failed', confirm: true })
  return { ...first, agent, id: json.bulk_id as string }
}

async function untilOver(app: TestApp, clock: TestClock, id: string) {
  for (;;) {
    const found = await job(app, id)
    if (found.status === 'done') return found
    await clock.advance(300)
    await settle()
  }
}

test.each([
  ['delete', 300],
  ['rerun', 90],
])('%s goes on after a restart where it was, each run dealt with once', { timeout: 60_000 }, async (action, runs) => {
  const { app, clock, id } = await begun(runs, { action })
  await clock.advance(15)
  await app.close()
  const [{ done }] = (await rawRows(app, 'SELECT done FROM bulk_jobs', 'SELECT done FROM bulk_actions')) as [Progress]
  expect(done).toBeGreaterThan(0)
  expect(done).toBeLessThan(runs)

  const again = await open({ db: app.db })
  expect((await page(again.app, '/runs')).html.querySelector(`#bulk-job-${id} progress`)!.getAttribute('value')).toBe(
    String(done),
  )
  again.app.orchestrator.start()
  const end = await untilOver(again.app, again.clock, id)
  expect(end).toMatchObject({ status: 'done', total: runs, done: runs, left_out: 0, failed: 0 })
  const repeated = (await storedRuns(again.app)).flatMap(({ rerunOf }) => rerunOf ?? [])
  expect(repeated).toHaveLength(new Set(repeated).size)
  expect(await storedRuns(again.app)).toHaveLength(action === 'delete' ? 0 : 2 * runs)
})

test('a step that is done a second time, as after a power failure, repeats no run', async () => {
  const { app, clock, id } = await begun(5, { action: 'rerun' })
  await untilOver(app, clock, id)
  const anew = (table: string) => `UPDATE ${table} SET state = 'working', place = NULL, done = 0`
  await rawRows(app, anew('bulk_jobs'), anew('bulk_actions'))
  app.orchestrator.start()
  expect(await untilOver(app, clock, id)).toMatchObject({ done: 5, left_out: 0 })
  expect(await storedRuns(app)).toHaveLength(10)
})
