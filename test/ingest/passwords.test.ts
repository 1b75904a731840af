import { beforeEach, describe, expect, test } from 'vitest'
import { json, startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, page, register, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { storedRuns } from '../support/runs/stored.ts'
import { storeOf } from '../support/store/database.ts'

const now = Date.UTC(2026, 10, 22, 17)
const password = 'hunter2-secret'
const inputs = { key: password, topic: 'a' }

const running = {
  run_id: 'nightly-1',
  workflow_name: 'nightly_report',
  status: 'running',
  started_at: '2026-11-22T16:58:00',
}
const ofAgent = { ...running, agent_id: 'reporter' }
const failed = { ...running, status: 'failed', completed_at: '2026-11-22T16:58:08.500' }
const repeated = { outputs: { said: `It was ${password}` }, error: `Wrong key ${password}` }

let app: TestApp

beforeEach(async () => {
  const schema = { workflow: 'w', inputs: { key: { type: { type: 'string', format: 'password' } } } }
  const agent = await startAgent({ schema: json(schema) })
  app = await buildTestApp({}, { clock: createTestClock(now) })
  await register(app, agent.url, 'reporter')
  await api(app, 'GET', '/orchestrator/reporter/schema')
})

async function report(...reports: object[]): Promise<void> {
  const { status, json } = await api(app, 'POST', '/runs', reports)
  expect(status, JSON.stringify(json)).toBe(200)
}

const stored = async () => JSON.stringify(await storedRuns(app))
const read = async () => (await api(app, 'GET', '/runs/nightly-1')).json
const masked = { outputs: { said: 'It was ••••' }, error_message: 'Wrong key ••••' }

describe('passwords of a registered agent are left out of what is reported', () => {
  test('with the inputs, and where outputs and error of the same report repeat them', async () => {
    await report({ ...failed, ...repeated, agent_id: 'reporter', inputs })
    expect(await stored()).not.toContain('hunter2')
    expect(await read()).toMatchObject({ inputs: { topic: 'a' }, ...masked })
    expect((await page(app, '/runs/nightly-1')).text).toContain('key sent, not kept')
  })

  test('with inputs of a later report that does not name the agent', async () => {
    await report(ofAgent)
    await report({ ...failed, ...repeated, inputs })
    expect(await stored()).not.toContain('hunter2')
    expect(await read()).toMatchObject({ agent_id: 'reporter', inputs: { topic: 'a' }, ...masked })
  })

  test('with inputs of a report that arrives beside the first one', async () => {
    const beside = (id: string) => [ofAgent, { ...running, inputs }].map((one) => ({ ...one, run_id: id }))
    // Which of them is recorded first, nobody knows.
    for (let tries = 0; ; tries++) {
      const answers = await Promise.all(beside(`beside-${tries}`).map((one) => api(app, 'POST', '/runs', one)))
      if (answers[0]!.json.status !== 'created') continue
      expect(answers[1]!.json.status).toBe('updated')
      const run = await storeOf(app).runs.get(`beside-${tries}`)
      expect(JSON.stringify(run)).not.toContain('hunter2')
      expect(run).toMatchObject({ agentId: 'reporter', inputs: expect.stringContaining('"topic"') })
      return
    }
  })

  test('where a later report without inputs repeats them, however often it is sent', async () => {
    await report({ ...ofAgent, inputs })
    const last = { ...failed, ...repeated }
    await report(last)
    await report(last)
    expect(await stored()).not.toContain('hunter2')
    expect(await read()).toMatchObject({ inputs: { topic: 'a' }, ...masked })
  })

  test('where an earlier report had repeated them', async () => {
    await report({ ...ofAgent, outputs: repeated.outputs })
    await report({ ...failed, inputs })
    expect(await stored()).not.toContain('hunter2')
    expect(await read()).toMatchObject({ outputs: masked.outputs })
  })

  test('of one run, and other runs keep their texts', async () => {
    await report({ ...ofAgent, inputs })
    await report({ ...failed, ...repeated, run_id: 'other' })
    expect((await api(app, 'GET', '/runs/other')).json).toMatchObject({ outputs: repeated.outputs })
  })
})
