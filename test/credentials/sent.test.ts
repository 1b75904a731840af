import { expect, test } from 'vitest'
import { json, startAgent, text } from '../support/agents/agent.ts'
import { startGuardedAgent } from '../support/agents/guarded.ts'
import { api, buildTestApp, ended, execute, expectProblem, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'

const url = '/orchestrator/register'
const edit = '/orchestrator/writer/edit'
const token = 'tok-3f9c-8d21'
const bearer = { type: 'bearer', token }
const named = (agentUrl: string, more: object = {}) => ({
  agent_id: 'writer',
  agent_name: 'Article Writer',
  agent_url: agentUrl,
  ...more,
})
const saved = async (app: TestApp) => (await api(app, 'GET', edit)).json.saved_credential

test.each([
  ['bearer', { type: 'bearer', token: ` Bearer ${token} ` }, { authorization: `Bearer ${token}` }],
  [
    'basic',
    { type: 'basic', username: 'Größe', password: 'a: b' },
    { authorization: `Basic ${Buffer.from('Größe:a: b').toString('base64')}` },
  ],
  [
    'headers',
    { type: 'headers', headers: { 'X-Api-Key': ` ${token} `, cookie: 'a=b' } },
    { 'x-api-key': token, cookie: 'a=b' },
  ],
])('a credential of the type %s goes with every call, only its type is shown', async (type, credential, headers) => {
  const isKnown = (sent: object) =>
    Object.entries(headers).every((header) => Object.entries(sent).some((one) => one.join() === header.join()))
  const agent = await startGuardedAgent(isKnown, {
    run: json({ status: 'async', job_id: 'job-1' }),
    status: json({ status: 'completed', outputs: { result: 'done' } }),
  })
  const app = await buildTestApp()
  expect((await api(app, 'POST', url, named(agent.url))).json.detail).toContain('needs a credential')
  const answer = await api(app, 'POST', url, named(agent.url, { credential }))
  expect(answer).toMatchObject({ status: 200, json: { status: 'registered', credential: type } })
  expect(await saved(app)).toEqual({
    type,
    origin: agent.url,
    saved_at: expect.stringMatching(/^2026-|^20/),
    is_readable: true,
  })
  expect((await api(app, 'GET', '/orchestrator/writer/schema')).json.workflow).toBe('article_writer')
  expect(await ended(app, await execute(app, 'writer'))).toMatchObject({ status: 'completed' })
  expect(agent.requests.map(({ url }) => url)).toEqual(
    expect.arrayContaining(['/health', '/schema', '/run', '/status/job-1']),
  )
})

test('a user name and password in the URL are saved as a credential, and are in no URL', async () => {
  const sent = `Basic ${Buffer.from('anna:p@ss word').toString('base64')}`
  const agent = await startGuardedAgent(({ authorization }) => authorization === sent)
  const app = await buildTestApp()
  const { host } = new URL(agent.url)
  const answer = await api(app, 'POST', url, named(`http://anna:p%40ss%20word@${host}/`))
  expect(answer.json).toMatchObject({ agent_url: agent.url, credential: 'basic' })
  const moved = await api(app, 'POST', edit, { agent_url: `http://anna:p%40ss%20word@${host}` })
  expect(moved.json).toMatchObject({ agent_url: agent.url, saved_credential: { type: 'basic' } })
  const both = await api(app, 'POST', edit, { agent_url: `http://anna:other@${host}`, credential: bearer })
  expectProblem(both, 422, ['agent_url'])
  expect(both.text).not.toContain('other')
})

test('an agent at another origin gets nothing that was saved before it moved', async () => {
  const [old, other] = [await startAgent(), await startAgent()]
  const app = await buildTestApp()
  await api(app, 'POST', url, named(old.url, { credential: bearer }))
  for (const [path, body] of [
    [edit, { agent_url: other.url }],
    [url, named(other.url)],
  ] as const) {
    const answer = await api(app, 'POST', path, body)
    expectProblem(answer, 422, ['credential'])
    expect(answer.json.detail).toBe(
      `The saved bearer token is for ${old.url} alone. Enter it again for ${other.url}, or remove it.`,
    )
  }
  expect(other.requests).toEqual([])
  expect(await api(app, 'POST', edit, { agent_url: `${old.url}/v2`, anyway: true })).toMatchObject({ status: 200 })
  expect(await saved(app)).toMatchObject({ type: 'bearer' })
  await api(app, 'POST', edit, { agent_url: other.url, credential: null })
  expect(await saved(app)).toBeNull()
  expect(other.requests.map(({ headers }) => headers.authorization)).toContain(undefined)
  await api(app, 'POST', edit, { agent_url: old.url, credential: { type: 'bearer', token: 'another-one' } })
  expect(old.requests.at(-1)!.headers.authorization).toBe('Bearer another-one')
})

test('an agent that registers itself elsewhere does not take the credential along', async () => {
  const [old, other] = [await startAgent(), await startAgent()]
  const clock = createTestClock()
  const app = await buildTestApp({}, { clock })
  await app.orchestrator.start()
  await api(app, 'POST', url, named(old.url, { credential: bearer }))
  const itself = (host: string, port: number) =>
    api(app, 'POST', '/agents/register', {
      agent_id: 'writer',
      agent_name: 'Article Writer',
      host,
      port,
      ttl_seconds: 600,
    })
  await itself('127.0.0.1', other.port)
  await clock.advance(10_000)
  await ended(app, await execute(app, 'writer'))
  expect(other.requests.length).toBeGreaterThan(1)
  expect(other.requests.map(({ headers }) => headers.authorization).filter(Boolean)).toEqual([])
  expect(await saved(app)).toMatchObject({ type: 'bearer', origin: old.url })
  await itself('127.0.0.1', old.port)
  await ended(app, await execute(app, 'writer'))
  expect(old.requests.at(-1)!.headers.authorization).toBe(`Bearer ${token}`)
})

test('a redirect is followed only to the same origin, by a slash alone', async () => {
  const elsewhere = await startAgent()
  const agent = await startAgent({ health: text('', 307, 'text/plain', { location: '/health/' }) })
  const app = await buildTestApp()
  const refused = await api(app, 'POST', url, named(agent.url, { credential: bearer }))
  expect(refused.status).toBe(503)
  expect(agent.requests.map(({ url, headers }) => [url, headers.authorization])).toContainEqual([
    '/health/',
    `Bearer ${token}`,
  ])
  agent.handlers.health = text('', 307, 'text/plain', { location: `${elsewhere.url}/health/` })
  expect((await api(app, 'POST', url, named(agent.url, { credential: bearer }))).json.detail).toContain(
    'is not followed',
  )
  expect(elsewhere.requests).toEqual([])
})

test('a new credential is checked before it is saved; one that is removed is removed at once', async () => {
  const agent = await startGuardedAgent(({ authorization }) => authorization === `Bearer ${token}`)
  const app = await buildTestApp()
  await api(app, 'POST', url, named(agent.url, { credential: bearer }))
  const wrong = await api(app, 'POST', edit, { credential: { type: 'bearer', token: 'wrong-one' } })
  expectProblem(wrong, 503, ['credential'])
  expect(wrong.json.detail).toContain('refuses the credential')
  await ended(app, await execute(app, 'writer'))
  expect(agent.requests.at(-1)!.headers.authorization).toBe(`Bearer ${token}`)
  expect((await api(app, 'POST', edit, { credential: null })).json.saved_credential).toBeNull()
  const run = await ended(app, await execute(app, 'writer'))
  expect(run.error_message).toBe('The agent answered 401 Unauthorized: it needs a credential (Not authenticated).')
})

test('an own health path is asked in place of the usual ones, and given back', async () => {
  const agent = await startAgent({ health: text('no', 404), live: json({ status: 'alive' }) })
  const app = await buildTestApp()
  const answer = await api(app, 'POST', url, named(agent.url, { health_path: '/health/live' }))
  expect(answer.status).toBe(200)
  expect(agent.requests.map(({ url }) => url).filter((path) => path.startsWith('/health'))).toEqual(['/health/live'])
  expect((await api(app, 'GET', edit)).json.health_path).toBe('/health/live')
  expectProblem(await api(app, 'POST', edit, { health_path: '/nowhere' }), 503, ['agent_url'])
  agent.handlers.health = json({ status: 'ok' })
  expect((await api(app, 'POST', edit, { health_path: null })).json.health_path).toBeNull()
})

test.each([
  ['credential.type', { credential: {} }],
  ['credential.type', { credential: 'Bearer x' }],
  ['credential.type', { credential: { type: 'constructor' } }],
  ['credential.token', { credential: { type: 'bearer' } }],
  ['credential.token', { credential: { type: 'bearer', token: 'sp ace' } }],
  ['credential.token', { credential: { type: 'bearer', token: 'a\r\nx-evil: 1' } }],
  ['credential.username', { credential: { type: 'basic', username: 'a:b', password: 'hunter2' } }],
  ['credential.password', { credential: { type: 'basic', username: 'a', password: 'hunter2\n' } }],
  ['credential.headers', { credential: { type: 'headers', headers: {} } }],
  ['credential.headers', { credential: { type: 'headers', headers: { host: 'hunter2' } } }],
  ['credential.headers', { credential: { type: 'headers', headers: { 'Content-Length': '0' } } }],
  ['credential.headers', { credential: { type: 'headers', headers: { 'Transfer-Encoding': 'chunked' } } }],
  ['credential.headers', { credential: { type: 'headers', headers: { 'If-None-Match': '*' } } }],
  ['credential.headers', { credential: { type: 'headers', headers: { 'x-key': 'hunter2\nx: 1' } } }],
  ['credential.headers', { credential: { type: 'headers', headers: { 'hunter2 hunter2': 'x' } } }],
  ['credential.headers', { credential: { type: 'headers', headers: { 'x-key': '鍵' } } }],
  ['credential.headers', { credential: { type: 'headers', headers: { 'X-Key': 'a', 'x-key': 'b' } } }],
  ['ca', { ca: 'hunter2' }],
  ['ca', { ca: '-----BEGIN CERTIFICATE-----\nhunter2\n-----END CERTIFICATE-----' }],
  ['fingerprint', { fingerprint: 'AB:CD' }],
  ['health_path', { health_path: 'healthz' }],
  ['health_path', { health_path: 'http://elsewhere/' }],
])('what is wrong is refused at the field %s, and not repeated: %j', async (field, more) => {
  const agent = await startAgent()
  const app = await buildTestApp()
  const answer = await api(app, 'POST', url, named(agent.url, more))
  expectProblem(answer, 422, [field])
  expect(answer.text).not.toContain('hunter2')
  expect(agent.requests).toEqual([])
})
