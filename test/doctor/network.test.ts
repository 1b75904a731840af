import { expect, test } from 'vitest'
import { AgentFailure } from '../../src/agent/http/failure.ts'
import {
  createWorld,
  diagnose,
  expectSound,
  healthy,
  lineOf,
  missing,
  url,
  verdictsOf,
  type World,
} from '../support/agents/doctor.ts'
import { reply, webPage } from '../support/agents/reply.ts'

const text503 = reply('Service Unavailable', { status: 503, contentType: 'text/plain' })
const gone = new AgentFailure('refused', 'connection refused', true)
const proxied = { server: 'nginx/1.25' }

test.each([
  [
    'a name nobody knows',
    { addresses: new AgentFailure('name', 'could not resolve x') },
    'name',
    'Check the spelling.',
  ],
  ['a metadata address', { addresses: new AgentFailure('forbidden', 'never called') }, 'name', 'your own network'],
  ['a closed port', { port: new AgentFailure('refused', 'connection refused') }, 'port', 'Is it running? Start it, '],
  ['a port behind a firewall', { port: new AgentFailure('timeout', 'no connection in time') }, 'port', 'a firewall'],
  ['a network that is away', { port: new AgentFailure('unreachable', 'no route to the host') }, 'port', 'the network'],
  ['a port closed since', { at: { [`${url}/health`]: gone } }, 'http', 'It was there a moment ago.'],
  ['silence', { at: { [`${url}/health`]: new AgentFailure('timeout', 'no answer') } }, 'http', 'It may be busy'],
  ['another protocol', { at: { [`${url}/health`]: notHttp() } }, 'http', 'another program'],
  ['a hung up connection', { at: { [`${url}/health`]: new AgentFailure('reset', 'closed') } }, 'http', 'Test again.'],
  ['an answer that is too large', { at: { [`${url}/health`]: new AgentFailure('too-large', 'x') } }, 'health', 'plain'],
  ['an unhealthy agent', { at: { [`${url}/health`]: reply({ status: 'broken' }) } }, 'health', "the agent's logs"],
  ['a failing agent', { at: { [`${url}/health`]: reply('no', { status: 500 }) } }, 'health', "the agent's logs"],
  ['a login', { at: { [`${url}/health`]: reply('no', { status: 401 }) } }, 'health', 'Credential and certificate'],
  ['its own 503', { at: { [`${url}/health`]: reply({ detail: 'x' }, { status: 503 }) } }, 'health', "the agent's logs"],
  ['its own 502', { at: { [`${url}/health`]: reply({ detail: 'x' }, { status: 502 }) } }, 'health', "the agent's logs"],
  ['its own 503 in text', { at: { [`${url}/health`]: text503 } }, 'health', "the agent's logs"],
  ['a page of its own', { at: { [`${url}/health`]: reply(webPage, { status: 500 }) } }, 'health', "the agent's logs"],
  ['a 304', { at: { [`${url}/health`]: reply('', { status: 304 }) } }, 'health', "the agent's logs"],
  ['a text of a proxy', { at: { [`${url}/health`]: { ...text503, headers: proxied } } }, 'health', 'A proxy'],
  ['an empty 504', { at: { [`${url}/health`]: reply('', { status: 504, contentType: '' }) } }, 'health', 'A proxy'],
  ['a proxy with a login', { at: { [`${url}/health`]: reply('no', { status: 407 }) } }, 'health', 'asks for a login'],
  [
    'a server of many hosts',
    { at: { [`${url}/health`]: reply('no', { status: 421 }) } },
    'health',
    'another host name',
  ],
  ['text of another charset', { at: { [`${url}/health`]: new AgentFailure('charset', 'x') } }, 'health', 'plain JSON'],
  ['a proxy without its agent', { at: { [`${url}/health`]: reply(webPage, { status: 502 }) } }, 'health', 'A proxy'],
  ['a web page', { at: { [`${url}/health`]: reply(webPage) } }, 'health', 'behind a path'],
  ['no /health', { at: {} }, 'health', 'behind a path'],
] as const)(
  '%s: the rest is skipped, there is a next step, and it can be saved anyway',
  async (_, world, check, next) => {
    const diagnosis = await diagnose(world as Partial<World>)
    expectSound(diagnosis)
    expect(lineOf(diagnosis, check)).toMatchObject({ verdict: 'fail', next: expect.stringContaining(next) })
    expect(diagnosis).toMatchObject({ isOk: false, canBeSavedAnyway: true, suggestion: undefined })
  },
)

const closed = { port: gone, openPorts: [8003, 8013] }
const nearby = 'http://localhost:8013'

test('where nothing listens, the nearest agent of this machine that is not registered is suggested', async () => {
  const at = { [`${nearby}/health`]: healthy, 'http://localhost:8003/schema': missing }
  const diagnosis = await diagnose({ ...closed, at })
  expectSound(diagnosis)
  expect(lineOf(diagnosis, 'port')).toMatchObject({
    message: 'Connection refused: nothing listens on localhost:8001.',
    next: 'An agent answers at localhost:8013, and it is not registered yet.',
  })
  expect(diagnosis).toMatchObject({ suggestedUrl: nearby, canBeSavedAnyway: true })
})

test('no agent is suggested that is registered, and no port of another machine is tried', async () => {
  const at = { [`${nearby}/health`]: healthy }
  const agents = [{ id: 'a', name: 'A', url: 'http://127.0.0.1:8013', description: '' }]
  const registered = await diagnose({ ...closed, openPorts: [8013], at, agents })
  expect(registered.suggestedUrl).toBeUndefined()
  const { doctor, deadlines } = createWorld({ ...closed, at })
  const elsewhere = await doctor.diagnose('http://agents.example.com:8001')
  expect(elsewhere.suggestedUrl).toBeUndefined()
  expect(deadlines).toHaveLength(2)
})

function notHttp(): AgentFailure {
  return new AgentFailure('protocol', 'it does not speak HTTP')
}

test.each([
  ['closes the connection', new AgentFailure('reset', 'connection closed without a response')],
  ['answers with an alert', notHttp()],
  ['answers 400', reply('Client sent an HTTP request to an HTTPS server.', { status: 400 })],
])('https is suggested for http typed for a port that speaks TLS and %s', async (_, answer) => {
  const diagnosis = await diagnose({ isTls: true, at: { [`${url}/health`]: answer } })
  expectSound(diagnosis)
  expect(lineOf(diagnosis, 'http')).toMatchObject({ verdict: 'fail', next: 'Try https://localhost:8001.' })
  expect(diagnosis.suggestedUrl).toBe('https://localhost:8001')
})

test('a 400 of a server without TLS is an answer like any other', async () => {
  const diagnosis = await diagnose({ at: { [`${url}/health`]: reply('no', { status: 400 }) } })
  expect(lineOf(diagnosis, 'http').verdict).toBe('pass')
  expect(lineOf(diagnosis, 'health').verdict).toBe('fail')
})

const tlsUrl = 'https://localhost:8001'
const noTls = new AgentFailure('tls', 'it does not speak TLS (try http://)', true)

test('http is suggested for https typed for a port that speaks HTTP, whatever it says there', async () => {
  for (const answer of [
    healthy,
    missing,
    new AgentFailure('redirect', 'it redirects'),
    new AgentFailure('self', 'x'),
  ]) {
    const at = { [`${tlsUrl}/health`]: noTls, [`${url}/health`]: answer }
    const diagnosis = await diagnose({ at }, tlsUrl)
    expectSound(diagnosis)
    expect(lineOf(diagnosis, 'http')).toMatchObject({ verdict: 'fail', next: `Try ${url}.` })
    expect(diagnosis.suggestedUrl).toBe(url)
  }
})

test('http is suggested also where a handshake hangs', async () => {
  const at = { [`${tlsUrl}/health`]: new AgentFailure('timeout', 'no answer'), [`${url}/health`]: healthy }
  expect(await diagnose({ at }, tlsUrl)).toMatchObject({ isOk: false, suggestedUrl: url })
})

test('http is not suggested where nobody speaks it', async () => {
  const diagnosis = await diagnose({ at: { [`${tlsUrl}/health`]: noTls, [`${url}/health`]: notHttp() } }, tlsUrl)
  expectSound(diagnosis)
  expect(diagnosis.suggestedUrl).toBeUndefined()
})

test('a certificate that is not accepted is told apart', async () => {
  const failure = new AgentFailure('tls', 'its TLS certificate is not accepted (self signed)', true)
  const diagnosis = await diagnose({ at: { [`${tlsUrl}/health`]: failure } }, tlsUrl)
  expectSound(diagnosis)
  expect(lineOf(diagnosis, 'http').message).toBe('Its TLS certificate is not accepted (self signed).')
})

test.each([
  ['https://agents.example.com/health', 'https://agents.example.com'],
  ['/agents/one/health/', 'http://localhost:8001/agents/one'],
  ['/health/', undefined],
  ['/login?next=/health', undefined],
  ['ftp://localhost/health', undefined],
  ['http://user@localhost/health', undefined],
  ['http://[', undefined],
  [undefined, undefined],
])('of a redirect to %s it suggests %s', async (location, suggestedUrl) => {
  const failure = new AgentFailure(
    'redirect',
    `it redirects to ${location}, which is not followed`,
    false,
    location === undefined ? {} : { location },
  )
  const diagnosis = await diagnose({ at: { [`${url}/health`]: failure } })
  expectSound(diagnosis)
  expect(verdictsOf(diagnosis)).toBe('pass pass pass pass fail skipped skipped skipped')
  expect(diagnosis.suggestedUrl).toBe(suggestedUrl)
})
