import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { startAgent } from '../../support/agents/agent.ts'
import { api, buildTestApp, register } from '../../support/app.ts'
import { filledIn } from '../../support/forms/form.ts'
import { storeOf } from '../../support/store/database.ts'
import { rawCount } from '../../support/store/raw.ts'

/** The status of a real request: an injected one always has one Host. */
async function statusOver(
  app: FastifyInstance,
  headers: Record<string, string> | string[],
  host = '127.0.0.1',
  path = '/health',
): Promise<number> {
  if (!app.server.listening) await app.listen({ host, port: 0 })
  const { port } = app.server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    request({ host, port, path, headers, setHost: false, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
      .on('error', reject)
      .end()
  })
}

const statusFor = async (app: FastifyInstance, host: string, url = '/health') =>
  (await app.inject({ url, headers: { host } })).statusCode

test.each([
  'localhost',
  'localhost:1234',
  'LOCALHOST:8000',
  '127.0.0.1',
  '127.0.0.1:8000',
  '[::1]',
  '[::1]:8000',
  'localhost.',
])('answers to the host name %s', async (host) => {
  const app = await buildTestApp()
  expect(await statusFor(app, host)).toBe(200)
})

test.each([
  'evil.example.com',
  'evil.example.com:8000',
  'localhost.evil.example.com',
  'evil.example.com/localhost',
  'evil@localhost',
  'localhost@evil.example.com',
  '192.168.1.5',
  '[::2]',
  ':8000',
  'localhost:99999',
  'local host',
])('answers 421 to the host name "%s", whatever is asked', async (host) => {
  const app = await buildTestApp()
  for (const url of ['/health', '/', '/runs', '/nothing', '/assets/x', '/%'])
    expect(await statusFor(app, host, url)).toBe(421)
})

test('says in words, and as problem details, why it does not answer', async () => {
  const app = await buildTestApp()
  const headers = { host: 'evil.example.com', accept: 'application/json' }
  const { payload, headers: sent } = await app.inject({ url: '/orchestrator', headers })
  expect(sent['content-type']).toContain('application/problem+json')
  expect(JSON.parse(payload)).toMatchObject({
    status: 421,
    detail: expect.stringContaining('CONFIGURABLE_AGENTS_ALLOWED_HOSTS'),
  })
})

test('a request without a host name gets nothing but a refusal', async () => {
  const app = await buildTestApp()
  expect(await statusOver(app, {})).toBe(400)
  expect(await statusOver(app, { host: '' })).toBe(421)
  expect(await statusOver(app, { host: 'localhost' })).toBe(200)
})

test('refuses a request that names two hosts, in whatever way', async () => {
  const app = await buildTestApp()
  const twice = ['Host', 'localhost', 'host', 'evil.example.com']
  expect(await statusOver(app, twice)).toBe(400)
  expect(await statusOver(app, ['Host', 'localhost', 'Host', 'localhost'])).toBe(400)
  for (const target of ['http://evil.example.com/health', 'http://localhost/health', '*', 'health'])
    expect(await statusOver(app, { host: 'localhost' }, '127.0.0.1', target), target).toBe(400)
})

test('tells a foreign host nothing about this program but the reason', async () => {
  const app = await buildTestApp()
  for (const url of ['/', '/system', '/nothing']) {
    const refused = await app.inject({ url, headers: { host: 'evil.example.com', accept: 'text/html' } })
    expect(refused.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(refused.payload).not.toContain('workflows.db')
    expect(refused.payload).toMatch(/^This dashboard does not answer to the host name in the request\..*\n$/)
  }
})

test('answers over IPv6 under the address it was reached by', async () => {
  const app = await buildTestApp({ host: '::1' })
  expect(await statusOver(app, { host: '[::1]:1' }, '::1')).toBe(200)
  expect(await statusOver(app, { host: '[::2]:1' }, '::1')).toBe(421)
})

test('answers to the very address it was reached by, when it listens on all of them', async () => {
  const app = await buildTestApp({ host: '0.0.0.0' })
  await app.listen({ host: '0.0.0.0', port: 0 })
  expect(await statusOver(app, { host: '127.0.0.2' }, '127.0.0.2')).toBe(200)
  expect(await statusOver(app, { host: '127.0.0.3' }, '127.0.0.2')).toBe(421)
})

test('answers to more names when it is told to, and to the name it listens on', async () => {
  const app = await buildTestApp({ host: 'dashboard.lan', allowedHosts: ['agents.example.com'] })
  expect(await statusFor(app, 'agents.example.com')).toBe(200)
  expect(await statusFor(app, 'AGENTS.example.com:443')).toBe(200)
  expect(await statusFor(app, 'dashboard.lan:8000')).toBe(200)
  expect(await statusFor(app, 'other.example.com')).toBe(421)
})

const foreign: [string, Record<string, string>][] = [
  ['another site', { origin: 'https://evil.example.com' }],
  ['another port', { origin: 'http://localhost:1234' }],
  ['another name of this machine', { origin: 'http://127.0.0.1:80' }],
  ['nowhere in particular', { origin: 'null' }],
  ['an origin that is none', { origin: 'localhost:80' }],
  ['another site, by fetch metadata', { 'sec-fetch-site': 'cross-site' }],
  ['the same site, by fetch metadata', { 'sec-fetch-site': 'same-site' }],
  ['another site that claims ours', { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:80' }],
]

test.each(foreign)('refuses changes that %s asks for, and changes nothing', async (_, headers) => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const seen = agent.requests.length
  const asked = { ...headers, host: 'localhost:80', accept: 'application/json' }
  const form = { ...asked, 'content-type': 'application/x-www-form-urlencoded' }
  const answers = await Promise.all([
    app.inject({ method: 'DELETE', url: '/orchestrator/writer', headers: asked }),
    app.inject({ method: 'POST', url: '/orchestrator/writer/remove', headers: form }),
    app.inject({
      method: 'POST',
      url: '/orchestrator/writer/execute',
      headers: form,
      payload: new URLSearchParams(filledIn({ topic: 'x' })).toString(),
    }),
    app.inject({ method: 'POST', url: '/orchestrator/register', headers: asked, payload: { agent_id: 'x' } }),
    app.inject({ method: 'POST', url: '/nothing', headers: asked }),
  ])
  for (const answer of answers) {
    expect(answer.statusCode).toBe(403)
    expect(answer.json()).toMatchObject({
      status: 403,
      detail: expect.stringMatching(/^Another web page asked for this change, so it was refused\./),
    })
  }
  expect(agent.requests.filter(({ url }) => url === '/run')).toEqual([])
  expect(agent.requests.slice(seen).filter(({ url }) => url !== '/schema')).toEqual([])
  expect((await storeOf(app).agents.all()).map(({ id }) => id)).toEqual(['writer'])
  expect(await rawCount(app, 'workflow_runs', 'runs')).toBe(0)
})

test.each<[string, Record<string, string>]>([
  ['our own page', { origin: 'http://localhost:80', 'sec-fetch-site': 'same-origin' }],
  ['our own page behind a proxy that speaks TLS', { origin: 'https://localhost', host: 'localhost' }],
  [
    'our own page behind a proxy that names another host',
    { origin: 'https://dashboard.example.com', host: '127.0.0.1:8000', 'sec-fetch-site': 'same-origin' },
  ],
  ['the address bar', { 'sec-fetch-site': 'none' }],
  ['a script', {}],
])('lets changes through that %s asks for', async (_, headers) => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const answer = await app.inject({
    method: 'DELETE',
    url: '/orchestrator/writer',
    headers: { host: 'localhost:80', ...headers },
  })
  expect(answer.statusCode).toBe(200)
})

test('names both hosts and the line to add when a proxy does not pass the host on', async () => {
  const app = await buildTestApp()
  const headers = { origin: 'http://dashboard.lan:8080', host: '127.0.0.1:8000', accept: 'application/json' }
  const { detail } = (await app.inject({ method: 'DELETE', url: '/orchestrator/x', headers })).json()
  for (const part of ['dashboard.lan:8080', '127.0.0.1:8000', 'nginx: "proxy_set_header Host $http_host;"'])
    expect(detail).toContain(part)
})

test('lets other pages link here: a person follows the link', async () => {
  const app = await buildTestApp()
  const headers = {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    host: 'localhost',
    accept: 'text/html',
  }
  expect((await app.inject({ url: '/runs', headers })).statusCode).toBe(200)
})

test.each([
  ['an image', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
  ['a script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
  ['a frame', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
  ['a prefetched link', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-purpose': 'prefetch' }],
  ['no more than the site', {}],
])('calls no agent for another page that asks by %s', async (_, metadata) => {
  const agent = await startAgent()
  const app = await buildTestApp()
  await register(app, agent.url)
  const before = agent.requests.length
  for (const site of ['cross-site', 'same-site']) {
    const headers = { 'sec-fetch-site': site, ...metadata, host: 'localhost', accept: '*/*' }
    for (const url of ['/orchestrator/writer/schema', '/orchestrator/writer/execute', '/orchestrator'])
      expect((await app.inject({ url, headers })).statusCode, url).toBe(403)
  }
  expect(agent.requests).toHaveLength(before)
})

test('gives no other origin leave to read', async () => {
  const app = await buildTestApp()
  const headers = { origin: 'https://evil.example.com', host: 'localhost', 'access-control-request-method': 'DELETE' }
  const preflight = await app.inject({ method: 'OPTIONS', url: '/orchestrator/writer', headers })
  expect(preflight.headers['access-control-allow-origin']).toBeUndefined()
  expect((await api(app, 'GET', '/runs')).status).toBe(200)
})

test('the host of the public URL needs no other setting, and its pages may change things', async () => {
  const app = await buildTestApp({ publicUrl: 'https://tools.example.com/agents' })
  expect(await statusFor(app, 'tools.example.com')).toBe(200)
  expect(await statusFor(app, 'tools.example.com:443')).toBe(200)
  expect(await statusFor(app, 'other.example.com')).toBe(421)
  const check = async (host: string, origin: string) =>
    (await app.inject({ method: 'POST', url: '/orchestrator/check', headers: { host, origin } })).statusCode
  expect(await check('tools.example.com', 'https://tools.example.com')).toBe(303)
  // A proxy that names another host, or the port.
  expect(await check('tools.example.com:443', 'https://tools.example.com')).toBe(303)
  expect(await check('127.0.0.1:8000', 'https://tools.example.com')).toBe(303)
  expect(await check('127.0.0.1:8000', 'https://tools.example.com:8443')).toBe(403)
  expect(await check('tools.example.com', 'https://evil.example.com')).toBe(403)
})
