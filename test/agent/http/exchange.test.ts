import { expect, test } from 'vitest'
import { type Call, exchange } from '../../../src/agent/http/exchange.ts'
import type { ExchangeRecord } from '../../../src/agent/http/record.ts'
import { dashboardHeader } from '../../../src/shared/dashboard-header.ts'
import { type AgentHandler, json, silence, startAgent, text } from '../../support/agents/agent.ts'
import { startRawServer, unusedPort } from '../../support/network/raw-server.ts'
import { targetAt, transport } from '../../support/network/transport.ts'

function call(url: string, more: Partial<Call> = {}) {
  return exchange(transport, { method: 'GET', target: targetAt(url), deadlineMs: 10_000, maxBytes: 100_000, ...more })
}

test('gives status, type and text of an answer, whatever the status is', async () => {
  const agent = await startAgent({ health: text('Größe: 5 €', 503, 'Text/Plain; charset=utf-8') })
  expect(await call(`${agent.url}/health`)).toEqual({
    status: 503,
    statusText: 'Service Unavailable',
    headers: expect.objectContaining({ 'content-type': 'Text/Plain; charset=utf-8' }),
    contentType: 'text/plain; charset=utf-8',
    text: 'Größe: 5 €',
  })
})

test('gives an empty text where there is no body', async () => {
  const agent = await startAgent({ health: (_request, response) => response.writeHead(204).end() })
  expect(await call(`${agent.url}/health`)).toMatchObject({ status: 204, contentType: '', text: '' })
})

test('puts characters together that arrive in pieces', async () => {
  // A real connection joins small pieces again as it likes.
  const pieces = Array.from(Buffer.from('\ufeff"€😀"'), (byte) => Uint8Array.of(byte))
  const answer = {
    status: 200,
    statusText: 'OK',
    headers: {},
    body: ReadableStream.from(pieces),
    close: () => undefined,
  }
  const reply = await exchange(async () => answer, {
    method: 'GET',
    target: targetAt('http://localhost'),
    deadlineMs: 10_000,
    maxBytes: 100,
  })
  expect(reply.text).toBe('"€😀"')
})

test('asks for JSON that is not compressed, on a connection of its own', async () => {
  const agent = await startAgent()
  await call(`${agent.url}/health`)
  expect(agent.requests[0]!.headers).toMatchObject({
    accept: 'application/json',
    'accept-encoding': 'identity',
    connection: 'close',
  })
  expect(agent.requests[0]!.headers).not.toHaveProperty('content-type')
})

test('sends the body of a POST byte for byte, once', async () => {
  const agent = await startAgent()
  const body = '{ "n": 9007199254740993,\n "x": NaN, "name": "Größe 😀" }'
  await call(`${agent.url}/run`, { method: 'POST', body, headers: { 'idempotency-key': 'run-1' } })
  expect(agent.requests).toHaveLength(1)
  expect(agent.requests[0]).toMatchObject({ method: 'POST', url: '/run', body })
  expect(agent.requests[0]!.headers).toMatchObject({
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'idempotency-key': 'run-1',
  })
})

test('does not follow a redirect', async () => {
  const target = await startAgent()
  const agent = await startAgent({ health: text('', 307, 'text/plain', { location: `${target.url}/health` }) })
  await expect(call(`${agent.url}/health`)).rejects.toMatchObject({
    kind: 'redirect',
    reason: `it redirects to ${target.url}/health, which is not followed`,
    isUnsent: false,
  })
  expect(target.requests).toEqual([])
})

test('follows a redirect that only adds or drops the slash, once', async () => {
  const server = await startRawServer((socket, head) => {
    const [, method, path] = /^(\w+) (\S+)/.exec(head)!
    const location = { '/health': '/health/', '/loop': '/loop/', '/loop/': '/loop' }[path!]
    const moved = location ? `307 Moved\r\nlocation: ${location}\r\n` : '200 OK\r\n'
    socket.end(`HTTP/1.1 ${moved}content-length: ${`${method} ${path}`.length}\r\n\r\n${method} ${path}`)
  })
  expect((await call(`${server.url}/health`)).text).toBe('GET /health/')
  expect((await call(`${server.url}/health`, { method: 'POST', body: '{}' })).text).toBe('POST /health/')
  await expect(call(`${server.url}/loop`)).rejects.toMatchObject({
    kind: 'redirect',
    reason: 'it redirects to /loop, which is not followed',
  })
})

test.each([
  [304, {}],
  [304, { location: '/elsewhere' }],
  [300, { location: '/elsewhere' }],
  [302, {}],
])('takes %i with %j for an answer like any other', async (status, headers) => {
  const agent = await startAgent({ health: text('', status, 'text/plain', headers) })
  expect(await call(`${agent.url}/health`)).toMatchObject({ status })
})

test('keeps no credentials of what it records, nor shows them in a reason', async () => {
  const secrets = { 'set-cookie': ['a=hunter2', 'b=hunter2'], 'x-api-key': 'hunter2', 'x-trace': 'abc' }
  const agent = await startAgent({
    health: text('{}', 200, 'application/json', secrets),
    live: text('', 302, 'text/plain', { location: 'http://anna:hunter2@127.0.0.1/?token=hunter2' }),
  })
  const records: ExchangeRecord[] = []
  const headers = { authorization: 'Bearer hunter2', 'x-tenant': 'one' }
  for (const path of ['/health', '/health/live']) {
    await call(agent.url + path, { headers, onRecord: (made) => records.push(made) }).catch(() => undefined)
  }
  expect(agent.requests[0]!.headers).toMatchObject(headers)
  expect(records).toMatchObject([
    {
      requestHeaders: { authorization: '••••', 'x-tenant': 'one' },
      responseHeaders: { 'set-cookie': '••••', 'x-api-key': '••••', 'x-trace': 'abc' },
    },
    { failure: 'it redirects to http://••••@127.0.0.1/?token=••••, which is not followed' },
  ])
  expect(JSON.stringify(records)).not.toContain('hunter2')
})

test('masks what a target brings wherever the agent repeats it, in every notation', async () => {
  const password = 'sésame "öffne" dich'
  const token = Buffer.from(`anna:${password}`).toString('base64')
  const said = [password, JSON.stringify(password), encodeURIComponent(password), token]
  const agent = await startAgent({
    health: text(JSON.stringify({ detail: said, [password]: 1.0 }), 401, 'application/json', {
      'x-echo': encodeURIComponent(password),
      'x-tenant': 'acme',
    }),
    live: text(`<p>${said.join(' ')}</p>`, 302, 'text/html', { location: `/login?as=${encodeURIComponent(password)}` }),
  })
  const records: ExchangeRecord[] = []
  const ask = (path: string) =>
    exchange(transport, {
      method: 'GET',
      target: targetAt(
        agent.url + path,
        { authorization: `Basic ${token}` },
        { secrets: [password, `anna:${password}`] },
      ),
      deadlineMs: 10_000,
      maxBytes: 100_000,
      onRecord: (made) => records.push(made),
    })
  const reply = await ask('/health')
  expect(JSON.parse(reply.text)).toEqual({ detail: ['••••', '"••••"', '••••', '••••'], '••••': 1 })
  expect(reply.headers).toMatchObject({ 'x-echo': '••••', 'x-tenant': 'acme' })
  await expect(ask('/health/live')).rejects.toMatchObject({
    reason: 'it redirects to /login?as=••••, which is not followed',
  })
  const all = JSON.stringify([reply, records])
  for (const secret of [...said, 'sésame', 'c2VzYW1l']) expect(all).not.toContain(secret)
})

test('reads what an answer refuses with as far as it can be read', async () => {
  const latin1: AgentHandler = (_, response) =>
    response.writeHead(500, { 'content-type': 'text/plain' }).end(Buffer.from('Größe', 'latin1'))
  const agent = await startAgent({ health: latin1 })
  expect(await call(`${agent.url}/health`)).toMatchObject({
    status: 500,
    text: '[its answer is not in UTF-8, and it declares no other charset]',
  })
})

test('recognises a dashboard by its header', async () => {
  const dashboard = await startAgent({ health: text('{}', 200, 'application/json', { [dashboardHeader]: '1' }) })
  await expect(call(`${dashboard.url}/health`)).rejects.toMatchObject({
    kind: 'self',
    reason: 'that is a dashboard like this one, not an agent',
  })
})

test.each(['gzip', 'br', 'identity, gzip'])('refuses a compressed answer before reading it: %s', async (encoding) => {
  const server = await startRawServer((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: ${encoding}\r\ncontent-length: 100\r\n\r\n`)
  })
  await expect(call(server.url)).rejects.toMatchObject({
    kind: 'encoded',
    reason: `its answer is compressed (${encoding}), though that was not asked for`,
  })
  await server.closed
})

test('reads an answer that says it is not encoded', async () => {
  const agent = await startAgent({ health: text('{}', 200, 'application/json', { 'content-encoding': 'Identity' }) })
  expect((await call(`${agent.url}/health`)).text).toBe('{}')
})

test('reads up to the limit and stops behind it', async () => {
  const agent = await startAgent({ health: text('x'.repeat(1024)), live: text('x'.repeat(1025)) })
  expect((await call(`${agent.url}/health`, { maxBytes: 1024 })).text).toHaveLength(1024)
  await expect(call(`${agent.url}/health/live`, { maxBytes: 1024 })).rejects.toMatchObject({
    kind: 'too-large',
    reason: 'its answer is larger than 1 KiB',
  })
})

test('hangs up on an answer without end', async () => {
  const server = await startRawServer((socket) => {
    const more = () => socket.write('x'.repeat(65_536), (error) => error ?? more())
    socket.write('HTTP/1.1 200 OK\r\n\r\n', more)
  })
  await expect(call(server.url, { maxBytes: 2 * 1_048_576 })).rejects.toMatchObject({
    kind: 'too-large',
    reason: 'its answer is larger than 2 MiB',
  })
  await server.closed
})

test('ends at the deadline though bytes go on trickling in', async () => {
  const server = await startRawServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    const trickle = setInterval(() => socket.write('x'), 10)
    socket.once('close', () => clearInterval(trickle))
  })
  await expect(call(server.url, { deadlineMs: 300 })).rejects.toMatchObject({
    kind: 'timeout',
    reason: 'no answer within 0.3 s',
    isUnsent: false,
  })
  await server.closed
})

test('takes a deadline of any length', async () => {
  const agent = await startAgent({ live: silence })
  expect((await call(`${agent.url}/health`, { deadlineMs: 9999.75 })).status).toBe(200)
  await expect(call(`${agent.url}/health/live`, { deadlineMs: 0.5 })).rejects.toMatchObject({ kind: 'timeout' })
})

test('is given up by its signal, before and during the answer', async () => {
  const begun = Promise.withResolvers<void>()
  const agent = await startAgent({
    health: () => begun.resolve(),
    live: (_request, response) => response.write('{', () => begun.resolve()),
  })
  for (const path of ['/health', '/health/live']) {
    const giveUp = new AbortController()
    const answer = call(agent.url + path, { signal: giveUp.signal })
    await begun.promise
    giveUp.abort()
    await expect(answer).rejects.toMatchObject({ kind: 'cancelled', reason: 'request aborted' })
  }
})

test('sends nothing when it was given up before it began', async () => {
  const agent = await startAgent()
  await expect(call(`${agent.url}/health`, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    kind: 'cancelled',
  })
  expect(agent.requests).toEqual([])
})

test('says that nobody listens, and that nothing was sent', async () => {
  await expect(call(`http://127.0.0.1:${await unusedPort()}/health`)).rejects.toMatchObject({
    kind: 'refused',
    reason: 'connection refused',
    isUnsent: true,
  })
})

test('says that the host name leads nowhere, and that nothing was sent', async () => {
  await expect(call('http://no-such-host.example/health')).rejects.toMatchObject({
    kind: 'name',
    reason: 'could not resolve no-such-host.example',
    isUnsent: true,
  })
})

test('says that https was tried on a server that speaks only http', async () => {
  const agent = await startAgent({ health: json({}) })
  await expect(call(`${agent.url.replace('http:', 'https:')}/health`)).rejects.toMatchObject({
    kind: 'tls',
    reason: 'it does not speak TLS (try http://)',
    isUnsent: true,
  })
})
