import { expect, test } from 'vitest'
import { json, silence, startAgent, text } from '../support/agents/agent.ts'
import { api, buildTestApp, expectProblem, register, type TestApp } from '../support/app.ts'
import { startRawServer, unusedPort } from '../support/network/raw-server.ts'
import { storeOf } from '../support/store/database.ts'

const url = '/orchestrator/register'
const agentsIn = (app: TestApp) => storeOf(app).agents.all()

test('names every field that is missing', async () => {
  const app = await buildTestApp()
  const answer = await api(app, 'POST', url, {})
  expectProblem(answer, 422, ['agent_id', 'agent_name', 'agent_url'])
  expect(answer.json.errors).toContainEqual({ field: 'agent_id', message: 'Agent ID is required.' })
  expect(await agentsIn(app)).toEqual([])
})

test('names every field that is wrong, all at once', async () => {
  const app = await buildTestApp()
  const answer = await api(app, 'POST', url, {
    agent_id: 'a/b',
    agent_name: 5,
    agent_url: 'ftp://files.example.com',
    metadata: { ttl_seconds: 0, description: ['no'] },
  })
  expectProblem(answer, 422, ['agent_id', 'agent_name', 'agent_url', 'description', 'metadata.ttl_seconds'])
  expect(await agentsIn(app)).toEqual([])
})

test('refuses a name that cannot be seen', async () => {
  const app = await buildTestApp()
  const body = { agent_id: 'writer', agent_name: '\u202e\u200b', agent_url: 'http://localhost:8001' }
  const answer = await api(app, 'POST', url, body)
  expectProblem(answer, 422, ['agent_name'])
  expect(answer.json.errors[0].message).toBe('This name has no visible characters. Use letters or digits.')
})

test.each([
  ['a list', []],
  ['a text', 'writer'],
  ['nothing', null],
  ['fields of no type that fits', { agent_id: {}, agent_name: [], agent_url: 1 }],
  ['fields that are blank', { agent_id: ' ', agent_name: '', agent_url: '' }],
  ['fields that are null', { agent_id: null, agent_name: null, agent_url: null }],
])('refuses %s as a registration', async (_, body) => {
  const app = await buildTestApp()
  expectProblem(await api(app, 'POST', url, JSON.stringify(body)), 422, ['agent_id', 'agent_name', 'agent_url'])
})

test.each([
  ['a name of 257 characters', { agent_name: 'x'.repeat(257) }, 'agent_name'],
  ['metadata that is a list', { metadata: [] }, 'metadata'],
  ['metadata that is a text', { metadata: 'fast' }, 'metadata'],
  ['metadata too long for its column', { metadata: { note: 'x'.repeat(4000) } }, 'metadata'],
  ['a description too long for its column', { description: 'x'.repeat(4000) }, 'description'],
  ['a description that is no text', { description: 7 }, 'description'],
  ['a time to live of an hour and a second', { metadata: { ttl_seconds: 3601 } }, 'metadata.ttl_seconds'],
  ['a time to live with a fraction', { metadata: { ttl_seconds: 1.5 } }, 'metadata.ttl_seconds'],
  ['a time to live in words', { metadata: { ttl_seconds: '60' } }, 'metadata.ttl_seconds'],
])('refuses %s', async (_, wrong, field) => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const body = { agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url, ...wrong }
  expectProblem(await api(app, 'POST', url, body), 422, [field])
  expect(agent.requests).toEqual([])
  expect(await agentsIn(app)).toEqual([])
})

test.each([
  'localhost:8001',
  'ftp://localhost',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'http://',
  'http://localhost:99999',
  'http://localhost:0',
  'http://user:sec/ret@localhost:8001',
  'http://localhost:8001/?x=1',
  'http://localhost:8001/#top',
  'http://a b',
])('answers 400 to the URL %s', async (agentUrl) => {
  const app = await buildTestApp()
  const answer = await api(app, 'POST', url, { agent_id: 'writer', agent_name: 'Writer', agent_url: agentUrl })
  expectProblem(answer, 400, ['agent_url'])
  expect(await agentsIn(app)).toEqual([])
})

test('answers 503 and saves nothing when nobody listens at the URL', async () => {
  const app = await buildTestApp()
  const agentUrl = `http://localhost:${await unusedPort()}`
  const answer = await api(app, 'POST', url, { agent_id: 'writer', agent_name: 'Writer', agent_url: agentUrl })
  expectProblem(answer, 503, ['agent_url'])
  expect(answer.json.detail).toBe(`Cannot connect to agent at ${agentUrl}: connection refused. Is it running?`)
  expect(await agentsIn(app)).toEqual([])
})

test.each([
  ['says it is unhealthy', json({ status: 'unhealthy' }), 'is not healthy: reports "unhealthy"'],
  ['says a word nobody knows', json({ status: 'borked' }), 'reports "borked"'],
  ['answers 503', json({ status: 'healthy' }, 503), 'HTTP 503'],
  ['answers with a web page', text('<!doctype html><h1>Hi</h1>', 200, 'text/html'), 'answered with a web page'],
  ['answers with broken JSON', text('{"status": "hea', 200, 'application/json'), 'invalid JSON'],
  ['redirects', text('', 302, 'text/plain', { location: 'http://10.0.0.1/' }), 'it redirects to http://10.0.0.1/'],
  ['compresses its answer', text('x', 200, 'text/plain', { 'content-encoding': 'gzip' }), 'compressed (gzip)'],
  ['says more than it should', text(' '.repeat(65 * 1024)), 'larger than 64 KiB'],
  ['answers 304', text('', 304), 'HTTP 304 Not Modified'],
  ['never answers', silence, 'no answer within 0.2 s'],
])('answers 503 and saves nothing when the agent %s', async (_, health, reason) => {
  const agent = await startAgent({ health })
  const app = await buildTestApp(health === silence ? { registerTimeoutSeconds: 0.2 } : {})
  const answer = await api(app, 'POST', url, { agent_id: 'writer', agent_name: 'Writer', agent_url: agent.url })
  expectProblem(answer, 503, ['agent_url'])
  expect(answer.json.detail).toContain(agent.url)
  expect(answer.json.detail).toContain(reason)
  // A connection was made.
  expect(answer.json.detail).not.toContain('Cannot connect')
  expect(await agentsIn(app)).toEqual([])
})

test('answers 503 and saves nothing when what listens there does not speak HTTP', async () => {
  const server = await startRawServer((socket) => socket.end('220 mail.example.com ESMTP\r\n'))
  const app = await buildTestApp()
  const answer = await api(app, 'POST', url, { agent_id: 'writer', agent_name: 'Writer', agent_url: server.url })
  expectProblem(answer, 503, ['agent_url'])
  expect(answer.json.detail).toBe(`No usable answer from agent at ${server.url}: it does not speak HTTP.`)
  expect(await agentsIn(app)).toEqual([])
})

test('leaves an agent as it was when it cannot be updated', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const before = await agentsIn(app)
  const gone = `http://127.0.0.1:${await unusedPort()}`
  const answer = await api(app, 'POST', url, { agent_id: 'writer', agent_name: 'Other', agent_url: gone })
  expectProblem(answer, 503, ['agent_url'])
  expect(await agentsIn(app)).toEqual(before)
  expect((await api(app, 'GET', '/orchestrator')).json.agents[0]).toMatchObject({ status: 'healthy' })
})
