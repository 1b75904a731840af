import { expect, test } from 'vitest'
import { utc } from '../../src/shared/time/zone.ts'
import { startAgent } from '../support/agents/agent.ts'
import { announce, announcement, asPython } from '../support/agents/announced.ts'
import { api, buildTestApp, ended, execute, expectProblem, page, register, type TestApp } from '../support/app.ts'
import { createTestClock } from '../support/clock.ts'
import { changeBeside } from '../support/store/beside.ts'
import { storeOf } from '../support/store/database.ts'
import { createPythonDatabase } from '../support/store/python-database.ts'
import { connect } from '../support/store/store.ts'
import { isOnPostgres } from '../support/store/which.ts'
import { temporaryFile } from '../support/temporary.ts'

const info = {
  ...announcement,
  is_alive: true,
  last_heartbeat: '2026-11-22T16:14:30.057000',
  registered_at: '2026-11-22T16:14:30.057000',
}

async function buildStillApp() {
  const clock = createTestClock()
  return { clock, app: await buildTestApp({}, { clock }) }
}

const idsIn = (answer: { json: { agent_id: string }[] }) => answer.json.map(({ agent_id }) => agent_id)
const stored = (app: TestApp, id = 'writer') => storeOf(app).agents.get(id)

test('an agent registers itself, and is told what is kept of it', async () => {
  const { app } = await buildStillApp()
  const answer = await announce(app)
  expect(answer).toMatchObject({ status: 200, type: 'application/json' })
  expect(answer.json).toEqual(info)
  const at = Date.UTC(2026, 10, 22, 16, 14, 30, 57)
  expect(await stored(app)).toMatchObject({
    ...{ id: 'writer', name: 'Article Writer', host: 'localhost', port: 8001, ttlSeconds: 60 },
    ...{ metadata: announcement.metadata, lastHeartbeatAt: at, registeredAt: at, registeredBy: 'self' },
  })
})

test('what need not be said has its default', async () => {
  const { app } = await buildStillApp()
  const { ttl_seconds: _, metadata: __, ...least } = announcement
  const answer = await asPython(app, 'POST', '/agents/register', least)
  expect(answer.json).toEqual({ ...info, ttl_seconds: 60, metadata: null })
})

test('an agent that registers again is updated, and stays as old as it is', async () => {
  const { app, clock } = await buildStillApp()
  await announce(app)
  await clock.advance(90_000)
  const changed = { agent_name: 'Writer 2', host: '10.0.0.7', port: 65_535, ttl_seconds: 3600, metadata: null }
  const answer = await announce(app, changed)
  const expected = { ...info, ...changed, last_heartbeat: '2026-11-22T16:16:00.057000' }
  expect(answer.json).toEqual(expected)
  expect((await asPython(app, 'GET', '/agents')).json).toEqual([expected])
})

test('metadata are kept to the byte, whatever they say', async () => {
  const { app } = await buildStillApp()
  const given = ['words', '', '{"a": 1.0, "b": NaN}', "{'a': None}", '"\\u0000\\ud83d\\ude00"', '🖋️ ü\n\t\u0000', '[]']
  for (const text of given) {
    // PostgreSQL has no place for NUL in a text.
    const metadata = isOnPostgres ? text.replaceAll('\u0000', '\ufffd') : text
    expect((await announce(app, { metadata: text })).json.metadata).toBe(metadata)
    expect((await asPython(app, 'GET', '/agents/writer')).json.metadata).toBe(metadata)
    expect(await stored(app)).toMatchObject({ metadata })
    expect((await page(app, '/orchestrator')).status).toBe(200)
  }
})

test('a host is answered as it was sent, and the agent asked there', async () => {
  const { app } = await buildStillApp()
  const hosts = {
    'DESKTOP-1': 'http://DESKTOP-1:8001',
    my_container: 'http://my_container:8001',
    '192.168.1.20': 'http://192.168.1.20:8001',
    'münchen.local': 'http://münchen.local:8001',
    '::1': 'http://[::1]:8001',
    '[::1]': 'http://[::1]:8001',
  }
  for (const [host, url] of Object.entries(hosts)) {
    expect((await announce(app, { host })).json).toEqual({ ...info, host })
    expect((await api(app, 'GET', '/orchestrator')).json.agents).toMatchObject([{ agent_url: url }])
  }
})

const x = (length: number) => 'x'.repeat(length)

test.each<[field: string, ...values: unknown[]]>([
  ['port', 0, 65_536, -1, 80.5, '8001', null, true, undefined],
  ['ttl_seconds', 0, 3601, -60, 0.5, '60', null],
  ['agent_id', undefined, null, 7, '', ' ', 'a/b', 'a\n', '.', '..', '\ud83d', x(256)],
  ['agent_name', undefined, '', ['a'], x(257)],
  ['host', undefined, 5, '', 'http://localhost', 'localhost:8001', 'local host', 'local\thost', 'a/b', 'me@host'],
  ['host', 'host?a', 'host#a', 'host\\a', '::1::2', '[::1', x(257)],
  ['metadata', { a: 1 }, [], 5, x(4001)],
])('answers 422 to an agent with a wrong %s, and saves nothing', async (field, ...values) => {
  const { app } = await buildStillApp()
  for (const value of values) expectProblem(await announce(app, { [field]: value }), 422, [field])
  expect(await stored(app)).toBeUndefined()
})

test('takes the least and the most that is allowed', async () => {
  const { app } = await buildStillApp()
  for (const more of [
    { port: 1, ttl_seconds: 1 },
    { port: 65_535, ttl_seconds: 3600 },
    { agent_name: x(256), metadata: x(4000) },
  ]) {
    expect((await announce(app, more)).json).toEqual({ ...info, ...more })
  }
})

test('names every field that a body lacks, whatever that is', async () => {
  const { app } = await buildStillApp()
  for (const body of [undefined, [], 'text', null, 5, {}]) {
    const answer = await asPython(app, 'POST', '/agents/register', body)
    expectProblem(answer, 422, ['agent_id', 'agent_name', 'host', 'port'])
  }
})

test('says of a body that is not JSON, or of another type, that it is', async () => {
  const { app } = await buildStillApp()
  const json = { headers: { 'content-type': 'application/json' }, payload: '{"agent_id": NaN}' }
  expectProblem(await asPython(app, 'POST', '/agents/register', undefined, json), 400)
  const text = { headers: { 'content-type': 'text/plain' }, payload: JSON.stringify(announcement) }
  expectProblem(await asPython(app, 'POST', '/agents/register', undefined, text), 415)
})

test('a heartbeat counts with no body, with an empty one of any kind, and with any other', async () => {
  const { app, clock } = await buildStillApp()
  await announce(app)
  const json = { 'content-type': 'application/json' }
  const chunked = { 'transfer-encoding': 'chunked' }
  const kinds: Parameters<typeof asPython>[4][] = [
    {},
    { headers: { 'content-length': '0' } },
    { headers: chunked },
    { headers: { ...json, 'content-length': '0' } },
    { headers: { ...json, ...chunked } },
    { headers: json, payload: '{}' },
    { headers: json, payload: '{' },
    { headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: '' },
    { headers: { 'content-type': 'text/plain' }, payload: 'alive' },
    { payload: 'alive' },
  ]
  for (const [index, kind] of kinds.entries()) {
    await clock.advance(1000)
    const time = `16:14:${31 + index}.057000`
    const answer = await asPython(app, 'POST', '/agents/writer/heartbeat', undefined, kind)
    expect(answer, JSON.stringify(kind)).toMatchObject({ status: 200, type: 'application/json' })
    expect(answer.json).toEqual({ status: 'ok', last_heartbeat: `2026-11-22T${time}` })
    expect(await stored(app)).toMatchObject({ lastHeartbeatAt: Date.parse(`2026-11-22T${time}Z`) })
    expect((await asPython(app, 'GET', '/agents/writer')).json.last_heartbeat).toBe(`2026-11-22T${time}`)
  }
})

test('an agent is alive until its time has passed, to the millisecond, and again when it beats', async () => {
  const { app, clock } = await buildStillApp()
  await announce(app, { ttl_seconds: 30 })
  await clock.advance(29_999)
  expect((await asPython(app, 'GET', '/agents')).json).toMatchObject([{ is_alive: true }])
  await clock.advance(1)
  expect((await asPython(app, 'GET', '/agents')).json).toEqual([])
  expect((await asPython(app, 'GET', '/agents?include_dead=true')).json).toMatchObject([{ is_alive: false }])
  expect((await asPython(app, 'GET', '/agents/writer')).json).toMatchObject({ is_alive: false })
  await asPython(app, 'POST', '/agents/writer/heartbeat')
  expect((await asPython(app, 'GET', '/agents')).json).toMatchObject([{ is_alive: true }])
})

test('lists the agent that was registered last first', async () => {
  const { app, clock } = await buildStillApp()
  for (const agent_id of ['b', 'c']) await announce(app, { agent_id })
  await clock.advance(1)
  await announce(app, { agent_id: 'a' })
  await announce(app, { agent_id: 'b' })
  expect(idsIn(await asPython(app, 'GET', '/agents'))).toEqual(['a', 'c', 'b'])
})

test('lists agents whose time has passed where that is asked for, in the words that FastAPI takes', async () => {
  const { app, clock } = await buildStillApp()
  await announce(app)
  await clock.advance(60_000)
  const listed = async (word: string) => idsIn(await asPython(app, 'GET', `/agents?include_dead=${word}`))
  for (const word of ['true', 'True', 'TRUE', '1', 'yes', 'on', 't', 'y', 'false&include_dead=true']) {
    expect(await listed(word), word).toEqual(['writer'])
  }
  for (const word of ['false', 'False', '0', 'no', 'off', 'f', 'n', 'true&include_dead=false']) {
    expect(await listed(word), word).toEqual([])
  }
  for (const word of ['maybe', '', '2', 'true%20']) {
    expectProblem(await asPython(app, 'GET', `/agents?include_dead=${word}`), 422, ['include_dead'])
  }
})

test('an agent removes itself, and its runs stay', async () => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await announce(app, { host: '127.0.0.1', port: agent.port })
  const runId = await execute(app, 'writer')
  await ended(app, runId)
  const answer = await asPython(app, 'DELETE', '/agents/writer')
  expect(answer).toMatchObject({ status: 200, json: { status: 'deleted', agent_id: 'writer' } })
  expect(await stored(app)).toBeUndefined()
  expect((await asPython(app, 'GET', '/agents?include_dead=1')).json).toEqual([])
  expect((await api(app, 'GET', `/runs/${runId}`)).json).toMatchObject({ agent_id: 'writer', status: 'completed' })
})

test('says of an agent that is not there just what the Python program says', async () => {
  const { app } = await buildStillApp()
  for (const [method, path] of [
    ['GET', ''],
    ['POST', '/heartbeat'],
    ['DELETE', ''],
  ] as const) {
    const answer = await asPython(app, method, `/agents/no%20b%C3%B6dy${path}`)
    expect(answer, method).toMatchObject({ status: 404, type: 'application/problem+json' })
    expect(answer.json, method).toMatchObject({ status: 404, detail: 'Agent not found: no bödy' })
  }
})

/** With the address as httpx writes it, where that can be told from a path at all. */
const oddIds: [id: string, address: string][] = [
  ['ä ö', '/agents/%C3%A4%20%C3%B6'],
  [' spaces ', '/agents/%20spaces%20'],
  ['100%', '/agents/100%'],
  ['100%', '/agents/100%25'],
  ['a%20b', '/agents/a%2520b'],
  ['what?#&', '/agents/what%3F%23%26'],
  [`o'b;=+,$@:!*()[]"<>\\|^\`{}`, `/agents/o'b;=+,$@:!*()[]%22%3C%3E%5C%7C%5E%60%7B%7D`],
  ['register', '/agents/register'],
  ['heartbeat', '/agents/heartbeat'],
  ['__proto__', '/agents/__proto__'],
  ['...', '/agents/...'],
  ['🖋️', '/agents/%F0%9F%96%8B%EF%B8%8F'],
  [x(255), `/agents/${x(255)}`],
  ['🖋'.repeat(255), `/agents/${'%F0%9F%96%8B'.repeat(255)}`],
]

test('agents of any id beat, are shown, found, and go', async () => {
  const { app } = await buildStillApp()
  for (const [agent_id, address] of oddIds) {
    expect((await announce(app, { agent_id })).json).toEqual({ ...info, agent_id })
    expect((await asPython(app, 'POST', `${address}/heartbeat`)).status, address).toBe(200)
    expect((await asPython(app, 'GET', address)).json.agent_id).toBe(agent_id)
    expect((await page(app, '/orchestrator')).text).toContain(agent_id.trim())
    expect((await asPython(app, 'DELETE', address)).json).toEqual({ status: 'deleted', agent_id })
  }
})

test('an agent that the Python program has registered beats here too, and is then known to do so itself', async () => {
  const path = temporaryFile()
  createPythonDatabase(path)
  const clock = createTestClock()
  const app = await buildTestApp({ db: path }, { clock })
  expect((await asPython(app, 'GET', '/agents?include_dead=1')).json).toEqual([
    {
      ...info,
      agent_id: 'reviewer',
      agent_name: 'REVIEWER',
      port: 8002,
      metadata: null,
      is_alive: false,
      ...pythonTimes,
    },
    {
      ...{ ...info, agent_name: 'WRITER', metadata: 'None', is_alive: false },
      registered_at: '2026-11-20T08:00:00.000000',
      last_heartbeat: '2026-11-20T08:00:00.000000',
    },
  ])
  expect(app.orchestrator.agent('writer').isSelfRegistered).toBe(false)
  expect((await asPython(app, 'POST', '/agents/writer/heartbeat')).status).toBe(200)
  expect(app.orchestrator.agent('writer').isSelfRegistered).toBe(true)
  await clock.advance(60_000)
  expect(app.orchestrator.agent('writer').health.state).toBe('expired')
})

/** Of a row with T and microseconds; we keep milliseconds. */
const pythonTimes = { last_heartbeat: '2026-11-20T08:00:00.057000', registered_at: '2026-11-20T08:00:00.057000' }

test('a time in the file that cannot be read breaks nobody', async () => {
  const { app } = await buildStillApp()
  await announce(app)
  connect(app.db).exec("UPDATE agents SET registered_at = 'yesterday', last_heartbeat = 1")
  expect((await asPython(app, 'GET', '/agents?include_dead=1')).json).toEqual([
    { ...info, is_alive: false, last_heartbeat: null, registered_at: null },
  ])
})

test('an agent entered by hand that registers itself is one that does so, and keeps the fuller URL of the same place', async () => {
  const agent = await startAgent()
  const { app } = await buildStillApp()
  await register(app, `http://LocalHost:${agent.port}/`)
  await changeBeside(
    app,
    `UPDATE agents SET base_url = base_url || '/prefix'`,
    `UPDATE agents SET url = url || '/prefix'`,
  )
  const urlNow = async () => (await api(app, 'GET', '/orchestrator')).json.agents[0].agent_url
  await announce(app, { host: 'LOCALHOST', port: agent.port })
  expect(await urlNow()).toBe(`http://localhost:${agent.port}/prefix`)
  expect(await stored(app)).toMatchObject({ registeredBy: 'self', host: 'LOCALHOST' })
  expect(app.orchestrator.agent('writer').isSelfRegistered).toBe(true)

  await announce(app, { host: 'localhost', port: 8002 })
  expect(await urlNow()).toBe('http://localhost:8002')
})

test('answers JSON to whoever does not ask for HTML by name', async () => {
  const { app } = await buildStillApp()
  await announce(app)
  for (const accept of [
    '*/*',
    'application/json',
    'application/json, text/html;q=0.5',
    'image/png',
    'application/*',
    undefined,
  ]) {
    for (const url of ['/agents', '/agents/writer', '/agents/nobody']) {
      const { headers } = await app.inject({ url, headers: accept === undefined ? {} : { accept } })
      expect(headers['content-type'], `${accept} at ${url}`).toMatch(/^application\/(problem\+)?json/)
    }
  }
})

test('shows browsers the page of all agents', async () => {
  const { app } = await buildStillApp()
  await announce(app)
  const { html: wanted } = await page(app, '/orchestrator')
  const { status, html, headers } = await page(app, '/agents')
  expect(status).toBe(200)
  expect(html.toString()).toBe(wanted.toString())
  expect(headers.vary).toContain('accept')
})

test('shows browsers the page of an agent', async () => {
  const { app } = await buildStillApp()
  await announce(app, { agent_id: 'a ä' })
  const { html: wanted } = await page(app, '/orchestrator/a%20%C3%A4')
  const { status, html, headers } = await page(app, '/agents/a%20%C3%A4')
  expect(status).toBe(200)
  expect(html.toString()).toBe(wanted.toString())
  expect(headers.vary).toContain('accept')
  expect(await page(app, '/agents/nobody')).toMatchObject({
    status: 404,
    text: expect.stringContaining('There is no agent "nobody".'),
  })
})

test('shows browsers the page of an agent that chose the name of a page of ours', async () => {
  const { app } = await buildStillApp()
  for (const agent_id of ['register', 'check', 'health-check']) {
    await announce(app, { agent_id, agent_name: `It is ${agent_id}` })
    expect(await page(app, `/agents/${agent_id}`)).toMatchObject({
      status: 200,
      text: expect.stringContaining(`It is ${agent_id}`),
    })
  }
})

test.each([
  ['another name', { host: 'evil.example.com' }, 421],
  ['another page', { origin: 'http://evil.example.com' }, 403],
  ['another page, as browsers say', { 'sec-fetch-site': 'cross-site' }, 403],
])('refuses what was sent here by %s, in JSON', async (_, headers, status) => {
  const { app } = await buildStillApp()
  await announce(app)
  const more = { headers, payload: '' }
  const registration = {
    headers: { ...headers, 'content-type': 'application/json' },
    payload: JSON.stringify({ ...announcement, agent_id: 'evil' }),
  }
  expectProblem(await asPython(app, 'POST', '/agents/register', undefined, registration), status)
  expectProblem(await asPython(app, 'POST', '/agents/writer/heartbeat', undefined, more), status)
  expectProblem(await asPython(app, 'DELETE', '/agents/writer', undefined, more), status)
  expect(idsIn(await asPython(app, 'GET', '/agents'))).toEqual(['writer'])
})

test('a heartbeat makes nobody read anything anew', async () => {
  const { app, clock } = await buildStillApp()
  await announce(app)
  const writes = connect(app.db)
  const { query } = await app.orchestrator.runQueries.read({}, utc)
  const list = async () => (await app.orchestrator.runList.list(query)).runs
  const before = { runs: await list(), revision: writes.pragma('data_version', { simple: true }) }
  await clock.advance(1000)
  for (let beat = 0; beat < 50; beat++) await asPython(app, 'POST', '/agents/writer/heartbeat')
  expect(writes.pragma('data_version', { simple: true })).not.toBe(before.revision)
  expect(await list()).toBe(before.runs)
})
