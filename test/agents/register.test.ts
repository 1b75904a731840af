import { expect, test } from 'vitest'
import { startAgent } from '../support/agents/agent.ts'
import { api, buildTestApp, expectProblem, submit, submitPartial } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { printedValue } from '../support/html.ts'
import { storeOf } from '../support/store/database.ts'
import { connect } from '../support/store/store.ts'

const url = '/orchestrator/register'
const registration = (agentUrl: string) => ({ agent_id: 'writer', agent_name: 'Article Writer', agent_url: agentUrl })

test('answers a script with what was registered', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const answer = await api(app, 'POST', url, registration(agent.url))
  expect(answer).toMatchObject({ status: 200, type: 'application/json' })
  expect(answer.json).toEqual({
    status: 'registered',
    agent_id: 'writer',
    agent_name: 'Article Writer',
    agent_url: agent.url,
    message: 'Registered Article Writer.',
  })
})

test('answers a script that asks for nothing in particular with JSON too', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const response = await app.inject({ method: 'POST', url, payload: registration(agent.url) })
  expect(response.json()).toMatchObject({ status: 'registered' })
})

test('asks the agent for its health, and only then saves it', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const savedAtHealthCheck: unknown[] = []
  const { health } = agent.handlers
  agent.handlers.health = async (...call) => {
    savedAtHealthCheck.push(...(await storeOf(app).agents.all()))
    return health(...call)
  }
  await api(app, 'POST', url, registration(agent.url))
  expect(agent.requests[0]).toMatchObject({ method: 'GET', url: '/health' })
  expect(savedAtHealthCheck).toEqual([])
  expect(await storeOf(app).agents.all()).toHaveLength(1)
})

test('saves what the Python program needs to know of the agent, and the whole URL beside it', async () => {
  const agent = await startAgent()
  const app = await buildTestApp({}, { clock: createTestClock() })
  await api(app, 'POST', url, registration(agent.url))
  expect(connect(app.db).prepare('SELECT * FROM agents').get()).toEqual({
    agent_id: 'writer',
    agent_name: 'Article Writer',
    host: '127.0.0.1',
    port: agent.port,
    base_url: agent.url,
    last_heartbeat: '2026-11-22 16:14:30.057000',
    registered_at: '2026-11-22 16:14:30.057000',
    ttl_seconds: 60,
    agent_metadata: '{}',
    given_name: null,
    given_description: null,
    registered_by: 'hand',
    paused_at: null,
    check_interval_seconds: null,
    check_timeout_seconds: null,
    certificate_authority: null,
    certificate_fingerprint: null,
    health_path: null,
    last_schema: expect.toSatisfy((schema) => schema === null || typeof schema === 'string'),
  })
})

test('keeps metadata, its description and its time to live', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const metadata = { description: 'Writes articles', ttl_seconds: 300, team: 'content' }
  await api(app, 'POST', url, { ...registration(agent.url), metadata })
  const [stored] = await storeOf(app).agents.all()
  expect(stored!.ttlSeconds).toBe(300)
  expect(JSON.parse(stored!.metadata!)).toEqual(metadata)
  const { json } = await api(app, 'GET', '/orchestrator')
  expect(json.agents[0]).toMatchObject({ description: 'Writes articles', ttl_seconds: 300 })
})

test('takes a form from a browser without JavaScript, and sends it to the list', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const answer = await submit(app, url, { ...registration(agent.url), description: 'Writes articles' })
  expect(answer.status).toBe(303)
  expect(answer.headers.location).toBe('/orchestrator')
  const { json } = await api(app, 'GET', '/orchestrator')
  expect(json.agents[0]).toMatchObject({ agent_id: 'writer', description: 'Writes articles', status: 'healthy' })
})

test('gives htmx an empty form and a message', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const { status, html } = await submitPartial(app, url, registration(agent.url))
  expect(status).toBe(200)
  const values = html
    .querySelectorAll('#register-form input, #register-form textarea')
    .filter((field) => !field.closest('.access'))
    .map(printedValue)
  expect(values).toEqual(['', '', '', ''])
  expect(html.querySelector('hx-partial[hx-target="#toasts"] .toast')!.text).toBe('Registered Article Writer.')
})

test('updates an agent that is registered again, and keeps when it was first', async () => {
  const [first, second] = [await startAgent(), await startAgent()]
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  await api(app, 'POST', url, { ...registration(first.url), metadata: { description: 'Old' } })
  await clock.advance(3_600_000)
  const answer = await api(app, 'POST', url, { ...registration(second.url), agent_name: 'Editor' })
  expect(answer.json).toMatchObject({ status: 'registered', agent_url: second.url, message: 'Updated Editor.' })
  const registeredAt = Date.UTC(2026, 10, 22, 16, 14, 30, 57)
  expect(await storeOf(app).agents.all()).toMatchObject([
    {
      ...{ name: 'Editor', url: second.url, port: second.port, metadata: '{}' },
      ...{ registeredAt, lastHeartbeatAt: registeredAt + 3_600_000 },
    },
  ])
})

test('registers an agent that says it is degraded, and shows what it says', async () => {
  const agent = await startAgent({ health: (_, response) => response.end('{"status": "starting"}') })
  const app = await buildTestApp()
  expect((await api(app, 'POST', url, registration(agent.url))).status).toBe(200)
  const { json } = await api(app, 'GET', '/orchestrator')
  expect(json.agents[0]).toMatchObject({ status: 'degraded', reason: 'reports "starting"' })
})

test('registers an agent whose health stands at /health/live', async () => {
  const agent = await startAgent({ live: (_, response) => response.end('{"status": "alive"}') })
  agent.handlers.health = (_, response) => response.writeHead(404).end()
  const app = await buildTestApp()
  expect((await api(app, 'POST', url, registration(agent.url))).status).toBe(200)
})

test('trims what was typed', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const typed = { agent_id: ' writer ', agent_name: '\tArticle Writer\n', agent_url: ` ${agent.url}/ ` }
  const { json } = await api(app, 'POST', url, typed)
  expect(json).toMatchObject({ agent_id: 'writer', agent_name: 'Article Writer', agent_url: agent.url })
})

test('two people who register the same agent at once get one agent', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const answers = await Promise.all([1, 2, 3].map(() => api(app, 'POST', url, registration(agent.url))))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(await storeOf(app).agents.all()).toHaveLength(1)
})

test('says so, and saves nothing, while another program holds the database', async () => {
  const agent = await startAgent()
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  const other = connect(app.db)
  other.exec('BEGIN IMMEDIATE')
  let answer: Awaited<ReturnType<typeof api>> | undefined
  const asked = api(app, 'POST', url, registration(agent.url)).then((one) => {
    answer = one
  })
  while (!answer) await clock.leap(10_000)
  await asked
  expectProblem(answer, 503)
  expect(answer.json.detail).toContain('locked by another program')
  other.exec('ROLLBACK')
  expect(other.prepare('SELECT count(*) FROM agents').pluck().get()).toBe(0)
})
