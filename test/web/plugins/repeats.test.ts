import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { Overrides } from '../../../src/app.ts'
import type { StorageFault } from '../../../src/store/ports/fault.ts'
import { cookieFor } from '../../support/access/people.ts'
import { settle } from '../../support/clock.ts'
import { openPoller, type Poller, polledAgents, requestOf } from '../../support/network/poller.ts'
import { newRun } from '../../support/runs/new-run.ts'
import { insertRuns } from '../../support/runs/runs.ts'
import { openGivenStore, storeOf } from '../../support/store/database.ts'

const repeated = { status: 304, isRepeated: true }
const full = (status: number) => ({ status, isRepeated: false })

test('what is asked alike on the same connection is answered alike, without Fastify', async () => {
  for (const url of [polledAgents, '/', '/runs', '/orchestrator/writer']) {
    const { first, second, again } = await openPoller({ url })
    expect(second, url).toEqual({ ...first, headers: second.headers, isRepeated: true })
    const withoutDate = ({ headers }: typeof first) => [...headers].filter(([name]) => name !== 'date')
    expect(withoutDate(second), url).toEqual(withoutDate(first))
    expect(second.headers.has('date'), url).toBe(true)
    expect(await again(), url).toMatchObject(repeated)
  }
})

test.each<[string, number, Record<string, string>]>([
  ['without a session', 401, { cookie: 'other=1' }],
  ['in another zone', 200, { 'reader-zone': 'Asia/Kolkata' }],
  ['under a foreign name', 421, { host: 'evil.example' }],
  ['for another web page', 403, { 'sec-fetch-site': 'cross-site' }],
  ['with a token that is none', 401, { authorization: 'Bearer ca_none' }],
  ['with another tag', 200, { 'if-none-match': '"another"' }],
  ['as JSON', 200, { 'hx-request': 'false', accept: 'application/json' }],
  ['by a proxy', 304, { 'x-forwarded-for': '10.0.0.7' }],
])('a request on the same connection %s gets its own answer', async (_, status, { 'reader-zone': zone, ...more }) => {
  const { known, again } = await openPoller({})
  const headers =
    zone === undefined ? more : { cookie: `${(known as { cookie?: string }).cookie}; reader-zone=${zone}` }
  expect(await again(headers)).toMatchObject(full(status))
})

test('another address, method and version of HTTP get their own answer', async () => {
  const { again } = await openPoller({})
  expect(await again({}, 'GET /runs HTTP/1.1')).toMatchObject(full(200))
  expect(await again()).toMatchObject(repeated)
  for (const answer of [full(304), repeated])
    expect(await again({}, `HEAD ${polledAgents} HTTP/1.1`)).toMatchObject(answer)
  for (const answer of [full(304), repeated]) expect(await again()).toMatchObject(answer)
  expect(await again({}, `GET ${polledAgents} HTTP/1.0`)).toMatchObject(full(304))
})

test('the regions of a page that poll in turn on one connection are each answered alike', async () => {
  const { again, known, send, as } = await openPoller({})
  const polls = ['/orchestrator/writer', '/', ...Array.from({ length: 6 }, (_, page) => `/runs?page_size=${page + 10}`)]
  const tagOf = async (url: string) => (await send(as, `GET ${url} HTTP/1.1`)).headers.get('etag')!
  const asks: (() => ReturnType<typeof send>)[] = []
  for (const url of polls) {
    await tagOf(url)
    const tagged = { ...known, 'if-none-match': await tagOf(url) }
    asks.push(() => send(tagged, `GET ${url} HTTP/1.1`))
  }
  for (const ask of asks.slice(1)) expect(await ask()).toMatchObject(full(304))
  for (const ask of [...asks.slice(1), again]) expect(await ask()).toMatchObject(repeated)
  // Another answer for one of as many as are remembered takes the place of no other.
  expect(await again({ 'x-other': '1' })).toMatchObject(full(304))
  for (const ask of asks.slice(1)) expect(await ask()).toMatchObject(repeated)
  for (const answer of [full(304), repeated]) expect(await again()).toMatchObject(answer)
  // One more than are remembered.
  expect(await asks[0]!()).toMatchObject(full(304))
  for (const answer of [full(304), repeated]) expect(await again()).toMatchObject(answer)
})

test('a header is known by its name, not by what it says alone', async () => {
  const { known, second, send } = await openPoller({})
  expect(second).toMatchObject(repeated)
  const renamed = Object.entries(known).map(([name, value]) => [name === 'cookie' ? 'x-cookie' : name, value])
  expect(await send(Object.fromEntries(renamed))).toMatchObject(full(401))
})

test.each<[string, Record<string, string>, string]>([
  ['of a known length', { 'content-length': '5' }, 'GET /'],
  ['in chunks', { 'transfer-encoding': 'chunked' }, '5\r\nGET /\r\n0\r\n\r\n'],
])('a request with a body %s is read to its end, and gets the full answer', async (_, headers, body) => {
  const { again } = await openPoller({})
  for (let time = 0; time < 3; time++) expect(await again(headers, undefined, body)).toMatchObject(full(304))
  expect(await again()).toMatchObject({ status: 304 })
})

test.each(['whether anything has moved', 'who asks'])(
  'while nobody can tell %s, the answer is not repeated',
  async (what) => {
    let isBroken = false
    const fail = () => {
      throw new Error('disk I/O error')
    }
    const openStore: Overrides['openStore'] = async (...given) => {
      const store = await openGivenStore(...given)
      const { revision, sessions } = store.access
      const { find } = sessions
      const isAboutWho = what === 'who asks'
      Object.assign(sessions, { find: async (key: string) => (isBroken && isAboutWho ? fail() : find(key)) })
      const broken = () => (isAboutWho ? 'moved' : fail())
      Object.assign(store.access, { revision: () => (isBroken ? broken() : revision()) })
      return store
    }
    const { second, again } = await openPoller({ overrides: { openStore, logger: pino({ level: 'silent' }) } })
    expect(second).toMatchObject(repeated)
    isBroken = true
    for (let time = 0; time < 2; time++) expect(await again()).toMatchObject(full(500))
    isBroken = false
    expect(await again()).toMatchObject({ status: 304 })
    expect(await again()).toMatchObject(repeated)
  },
)

test('requests that come together are answered in their order', async () => {
  const { wire, as, known } = await openPoller({})
  const poll = requestOf(known, `GET ${polledAgents} HTTP/1.1`)
  wire.send(poll + requestOf(as, 'GET /runs HTTP/1.1') + poll + poll)
  const statuses: string[] = []
  for (let time = 0; time < 4; time++) statuses.push((await wire.say()).statusLine.split(' ')[1]!)
  expect(statuses).toEqual(['304', '200', '304', '304'])
})

test.each<[string, string, number, (poller: Poller) => Promise<unknown>]>([
  ['another program adds a run', '/runs', 200, ({ app }) => insertRuns(app, [{ id: 'new' }])],
  ['this program adds a run', '/runs', 200, ({ app }) => storeOf(app).runs.accept({ run: () => newRun('new') })],
  ['an agent registers', polledAgents, 200, ({ register }) => register('reader')],
  [
    'an agent goes down',
    '/runs',
    304,
    ({ agent, check }) => {
      agent.isUp = false
      return check(3)
    },
  ],
  ['agents are checked', '/', 304, ({ check }) => check(1)],
  ['a minute passes', polledAgents, 200, ({ clock }) => clock.advance(60_000)],
])('when %s, the full answer comes', async (_, url, status, change) => {
  const poller = await openPoller({ url })
  expect(poller.second).toMatchObject(repeated)
  await change(poller)
  expect(await poller.again()).toMatchObject(full(status))
})

test('what moved without making another answer is looked at once', async () => {
  const { app, again } = await openPoller({ url: '/runs' })
  const view = { id: 'mine', name: 'Mine', query: 'status=failed', createdAt: 0, owner: 'user:ann', isShared: false }
  expect(await storeOf(app).views.add(view, 9)).toBe('added')
  for (const answer of [full(304), repeated, repeated]) expect(await again()).toMatchObject(answer)
})

test('what holds the store up is said at once, and so is its end', async () => {
  let fault: StorageFault | undefined
  let isOutdated = false
  const openStore: Overrides['openStore'] = async (...given) => {
    const store = await openGivenStore(...given)
    return Object.assign(store, { fault: () => fault ?? undefined, isOutdated: () => isOutdated })
  }
  const { app, again } = await openPoller({ overrides: { openStore } })
  const ann = { cookie: await cookieFor(app, 'ann') }
  const tag = (await again(ann)).headers.get('etag')!
  const poll = () => again({ ...ann, 'if-none-match': tag })
  const nowSays = async (header: string, value: RegExp) => {
    for (const isRepeated of [false, true]) {
      const { headers, ...answer } = await poll()
      expect(answer).toMatchObject({ status: 304, isRepeated })
      expect(decodeURIComponent(headers.get(header)!)).toMatch(value)
    }
  }
  await nowSays('x-storage-fault', /^$/)
  fault = { kind: 'full', reason: 'Full.', reasonForAdmins: 'The disk is full.', since: 0 }
  await nowSays('x-storage-fault', /^The disk is full\.$/)
  fault = undefined
  await nowSays('x-storage-fault', /^$/)
  isOutdated = true
  await nowSays('x-outdated', /newer dashboard/)
})

test('at log level debug each request is logged', async () => {
  const lines: string[] = []
  const logger = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) })
  const { again } = await openPoller({ overrides: { logger } })
  const before = lines.length
  for (let time = 0; time < 3; time++) expect(await again()).toMatchObject(full(304))
  expect(lines).toHaveLength(before + 3)
})

test('while the dashboard stops, it tells whoever polls to go elsewhere', async () => {
  const { app, wire, known } = await openPoller({})
  const poll = requestOf(known, `GET ${polledAgents} HTTP/1.1`)
  // A connection with half a request is not closed yet.
  await wire.say(poll)
  wire.send(poll.slice(0, 40))
  const other = await fetch(`http://localhost:${(app.server.address() as AddressInfo).port}/health`)
  await other.text()
  const closed = app.close()
  await settle()
  const { statusLine, headers } = await wire.say(poll.slice(40))
  expect([statusLine.split(' ')[1], headers.get('connection')]).toEqual(['503', 'close'])
  wire.end()
  await closed
})
