import { describe, expect, test } from 'vitest'
import { AgentFailure } from '../../../src/agent/http/failure.ts'
import type { ExchangeRecord } from '../../../src/agent/http/record.ts'
import { createProtocols } from '../../../src/agent/protocols.ts'
import { systemClock } from '../../../src/shared/time/clock.ts'
import { json, silence, startAgent, type TestAgent, text } from '../../support/agents/agent.ts'
import { startRawServer } from '../../support/network/raw-server.ts'
import { targetAt, transport } from '../../support/network/transport.ts'

const protocol = createProtocols(transport, systemClock.now).plain
const never = new AbortController().signal
const limitMs = 10_000
const missing = json({ detail: 'Not Found' }, 404)
const alive = json({ status: 'alive' })

const calls = (agent: TestAgent) => agent.requests.map(({ method, url }) => `${method} ${url}`)

describe('a health check', () => {
  test('asks /health alone when it is there, whatever it says', async () => {
    const agent = await startAgent({ health: json({ status: 'down' }, 500), live: alive })
    expect(await protocol.checkHealth(targetAt(agent.url), { deadlineMs: limitMs })).toMatchObject({
      verdict: 'unhealthy',
      reason: 'HTTP 500: "down"',
      endpoint: '/health',
    })
    expect(calls(agent)).toEqual(['GET /health'])
  })

  test('asks /health/live where there is no /health, and says so', async () => {
    const agent = await startAgent({ health: missing, live: alive })
    expect(await protocol.checkHealth(targetAt(agent.url), { deadlineMs: limitMs })).toMatchObject({
      verdict: 'healthy',
      endpoint: '/health/live',
    })
    expect(calls(agent)).toEqual(['GET /health', 'GET /health/live'])
  })

  test('asks first where it was told that the last answer came from', async () => {
    const agent = await startAgent({ health: missing, live: alive })
    expect(
      await protocol.checkHealth(targetAt(agent.url), { endpoint: '/health/live', deadlineMs: limitMs }),
    ).toMatchObject({
      verdict: 'healthy',
      endpoint: '/health/live',
    })
    expect(calls(agent)).toEqual(['GET /health/live'])
  })

  test('goes back to /health when /health/live has gone', async () => {
    const agent = await startAgent({ live: missing })
    expect(
      await protocol.checkHealth(targetAt(agent.url), { endpoint: '/health/live', deadlineMs: limitMs }),
    ).toMatchObject({
      verdict: 'healthy',
      endpoint: '/health',
    })
  })

  test('finds an agent without either unhealthy, and sticks to the path it was told', async () => {
    const agent = await startAgent({ health: missing, live: missing })
    expect(await protocol.checkHealth(targetAt(agent.url), { deadlineMs: limitMs })).toMatchObject({
      verdict: 'unhealthy',
      reason: 'HTTP 404 Not Found',
      endpoint: '/health',
    })
  })

  test('has one deadline for both questions', async () => {
    const agent = await startAgent({ health: missing, live: silence })
    await expect(protocol.checkHealth(targetAt(agent.url), { deadlineMs: 1000 })).rejects.toMatchObject({
      kind: 'timeout',
    })
    expect(calls(agent)).toEqual(['GET /health', 'GET /health/live'])
  })

  test('keeps the path prefix of the address', async () => {
    const agent = await startAgent()
    await protocol.checkHealth(targetAt(`${agent.url}/writer`), { deadlineMs: limitMs })
    expect(calls(agent)).toEqual(['GET /writer/health', 'GET /writer/health/live'])
  })

  test('that is refused for a while says for how long', async () => {
    const rest = { 'retry-after': '7' }
    const agent = await startAgent({ health: text('no', 503, 'text/plain', rest) })
    expect(await protocol.checkHealth(targetAt(agent.url), { deadlineMs: limitMs })).toMatchObject({
      retryAfterMs: 7000,
    })
    agent.handlers.health = text('{}', 200, 'application/json', rest)
    expect(await protocol.checkHealth(targetAt(agent.url), { deadlineMs: limitMs })).not.toHaveProperty('retryAfterMs')
    agent.handlers.health = missing
    agent.handlers.live = text('no', 429, 'text/plain', rest)
    expect(await protocol.checkHealth(targetAt(agent.url), { deadlineMs: limitMs })).toMatchObject({
      retryAfterMs: 7000,
    })
  })

  test('reads no more than 64 KiB', async () => {
    const agent = await startAgent({ health: text(`"${'x'.repeat(65_536)}"`) })
    await expect(protocol.checkHealth(targetAt(agent.url), { deadlineMs: limitMs })).rejects.toMatchObject({
      kind: 'too-large',
      reason: 'its answer is larger than 64 KiB',
    })
  })
})

describe('the schema', () => {
  test('is given as the agent wrote it, and read', async () => {
    const written = '{ "workflow": "w", "inputs": {"n": {"type": "float", "default": 1.0}} }'
    const agent = await startAgent({ schema: text(written, 200, 'application/json') })
    const { text: given, schema } = await protocol.describe(targetAt(agent.url), { deadlineMs: limitMs })
    expect(given).toBe(written)
    expect(schema).toMatchObject({ workflow: 'w', inputs: [{ name: 'n', defaultJson: '1.0' }] })
  })

  test.each([
    [json({ detail: 'Boom' }, 500), 'HTTP 500 when asked for its schema'],
    [json({ detail: 'Not Found' }, 404), 'HTTP 404 when asked for its schema'],
    [text('<html></html>', 200, 'text/html'), 'its schema is not valid JSON'],
    [json({ workflow: 'w' }), 'its schema names no inputs'],
  ])('is a failure where the answer is none: %#', async (schema, reason) => {
    const agent = await startAgent({ schema })
    const failure = await protocol
      .describe(targetAt(agent.url), { deadlineMs: limitMs })
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(AgentFailure)
    expect(failure).toMatchObject({ kind: 'protocol', reason, isUnsent: false })
  })
})

describe('a run', () => {
  const run = { id: 'run-1', inputs: '{"topic": "AI",  "n": 9007199254740993}', deadlineMs: limitMs, signal: never }

  test('sends its inputs as they are, once, with the id of the run', async () => {
    const agent = await startAgent()
    expect(await protocol.run(targetAt(agent.url), run)).toEqual({
      kind: 'completed',
      outputs: '{"result":"An article"}',
      totalTokens: null,
      totalCostUsd: null,
    })
    expect(calls(agent)).toEqual(['POST /run'])
    expect(agent.requests[0]).toMatchObject({ body: run.inputs, headers: { 'idempotency-key': 'run-1' } })
  })

  test('is not sent again when the agent hangs up on it', async () => {
    const agent = await startAgent({ run: (request) => request.socket.destroy() })
    await expect(protocol.run(targetAt(agent.url), run)).rejects.toMatchObject({ kind: 'reset', isUnsent: false })
    expect(calls(agent)).toEqual(['POST /run'])
  })

  test('that the agent refuses is an answer, not a failure of the call', async () => {
    const agent = await startAgent({ run: json({ detail: [{ loc: ['body', 'topic'], msg: 'Field required' }] }, 422) })
    expect(await protocol.run(targetAt(agent.url), run)).toMatchObject({
      kind: 'failed',
      fields: [{ field: 'topic', message: 'Field required' }],
    })
  })

  test('can be given up', async () => {
    const giveUp = new AbortController()
    const agent = await startAgent({ run: () => giveUp.abort() })
    await expect(protocol.run(targetAt(agent.url), { ...run, signal: giveUp.signal })).rejects.toMatchObject({
      kind: 'cancelled',
    })
  })
})

describe('a job', () => {
  test('is asked for by its id, whatever stands in that', async () => {
    const agent = await startAgent()
    const answer = await protocol.follow(targetAt(agent.url), 'a/b?c=d&e #%2e', { deadlineMs: limitMs, signal: never })
    expect(answer).toMatchObject({ kind: 'completed', outputs: '{"result":"A long article"}' })
    expect(calls(agent)).toEqual(['GET /status/a%2Fb%3Fc%3Dd%26e%20%23%252e'])
  })

  test('may have to wait, whatever the agent says of it', async () => {
    const working = JSON.stringify({ status: 'running' })
    const agent = await startAgent({ status: text(working, 200, 'application/json', { 'retry-after': '30' }) })
    const ask = () => protocol.follow(targetAt(agent.url), 'a', { deadlineMs: limitMs, signal: never })
    expect(await ask()).toMatchObject({ kind: 'working', retryAfterMs: 30_000 })
    agent.handlers.status = text('', 503, 'text/plain', { 'retry-after': '5' })
    expect(await ask()).toMatchObject({ kind: 'unclear', retryAfterMs: 5000 })
  })

  test('may be unknown to the agent', async () => {
    const agent = await startAgent({ status: json({ detail: 'Job not found' }, 404) })
    expect(await protocol.follow(targetAt(agent.url), 'a', { deadlineMs: limitMs, signal: never })).toMatchObject({
      kind: 'not-here',
    })
  })
})

describe('the headers of a target', () => {
  const secret = 'Bearer hunter2-hunter2'
  const told = (echo: string) => text(`{"status": "ok", "you": "${echo}"}`, 200, 'application/json', { 'x-you': echo })

  test('go out with every call, but never in place of those that a call has itself', async () => {
    const agent = await startAgent()
    const target = targetAt(agent.url, { Authorization: secret, Accept: 'text/html', 'idempotency-key': 'theirs' })
    const ask = { deadlineMs: limitMs, signal: never }
    await protocol.checkHealth(target, { deadlineMs: limitMs })
    await protocol.describe(target, { deadlineMs: limitMs })
    await protocol.run(target, { id: 'run-1', inputs: '{}', ...ask })
    await protocol.follow(target, 'job-1', ask)
    expect(agent.requests.map(({ headers }) => headers.authorization)).toEqual([secret, secret, secret, secret])
    expect(agent.requests.map(({ headers }) => headers.accept)).toEqual(Array(4).fill('application/json'))
    expect(agent.requests[2]!.headers).toMatchObject({ 'idempotency-key': 'run-1' })
  })

  test('are recorded by their names alone, whatever these are and however the agent repeats them', async () => {
    const agent = await startAgent({ health: told(secret), status: told('hunter2-hunter2'), run: told(secret) })
    const target = targetAt(agent.url, { authorization: secret, 'X-Tenant': 'one-of-our-tenants', 'x-level': '7' })
    const records: ExchangeRecord[] = []
    const ask = { deadlineMs: limitMs, signal: never, onRecord: (made: ExchangeRecord) => records.push(made) }
    await protocol.checkHealth(target, ask)
    await protocol.run(target, { id: 'run-1', inputs: '{}', ...ask })
    await protocol.follow(target, 'job-1', ask)
    agent.handlers.health = text('', 302, 'text/plain', { location: '/one-of-our-tenants' })
    await protocol.checkHealth(target, ask).catch(() => undefined)
    expect(records).toHaveLength(4)
    for (const { requestHeaders } of records) {
      expect(requestHeaders).toMatchObject({ authorization: '••••', 'x-tenant': '••••', 'x-level': '••••' })
      expect(requestHeaders).toMatchObject({ accept: 'application/json' })
    }
    expect(records[0]).toMatchObject({ responseBody: '{"status": "ok", "you": "••••"}' })
    expect(records[0]!.responseHeaders).toMatchObject({ 'x-you': '••••' })
    expect(records[3]!.failure).toBe('it redirects to /••••, which is not followed')
    expect(JSON.stringify(records)).not.toMatch(/hunter2|tenants/)
  })

  test('follow a redirect that only adds a slash, and none to another origin', async () => {
    const other = await startAgent()
    const heads: string[] = []
    const server = await startRawServer((socket, head) => {
      heads.push(head)
      const location = { '/health': '/health/', '/schema': `${other.url}/schema/` }[/^GET (\S+)/.exec(head)![1]!]
      const answer = location ? `307 Moved\r\nlocation: ${location}` : '200 OK'
      socket.end(`HTTP/1.1 ${answer}\r\ncontent-length: 0\r\n\r\n`)
    })
    const target = targetAt(server.url, { authorization: secret })
    await protocol.checkHealth(target, { deadlineMs: limitMs })
    expect(heads).toHaveLength(2)
    for (const head of heads) expect(head.toLowerCase()).toContain(`authorization: ${secret.toLowerCase()}`)
    await expect(protocol.describe(target, { deadlineMs: limitMs })).rejects.toMatchObject({ kind: 'redirect' })
    expect(other.requests).toEqual([])
  })
})
