import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { announce } from '../support/agents/announced.ts'
import { api, buildTestApp, register } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'

const edit = '/orchestrator/writer/edit'

test('two who remove the expired agents at the same moment both succeed, and each agent is removed once', async () => {
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  await announce(app)
  await announce(app, { agent_id: 'other' })
  await clock.advance(61_000)
  const remove = () => api(app, 'POST', '/orchestrator/remove-expired')
  const answers = await Promise.all([remove(), remove()])
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  expect(answers.flatMap(({ json }) => json.agent_ids).sort()).toEqual(['other', 'writer'])
})

test('of two registrations at the same moment, the second is an update', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const body = { agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url }
  const registration = () => api(app, 'POST', '/orchestrator/register', body)
  const answers = await Promise.all([registration(), registration()])
  expect(answers.map(({ json }) => json.message).sort()).toEqual(['Registered Writer.', 'Updated Writer.'])
})

test('a change made while another waits for the check of a new URL stays', async () => {
  const [agent, other] = [await startAgent(), await startAgent()]
  const app = await buildTestApp()
  await register(app, agent.url)
  const moving = api(app, 'POST', edit, { agent_url: other.url })
  await api(app, 'POST', edit, { check_interval_seconds: 30 })
  await moving
  expect((await api(app, 'GET', edit)).json).toMatchObject({ agent_url: other.url, check_interval_seconds: 30 })
})

test('an edit that changes nothing is saved like any other', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  expect(await api(app, 'POST', edit, {})).toMatchObject({ status: 200, json: { agent_id: 'writer' } })
})
