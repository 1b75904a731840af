import { expect, test } from 'vitest'
import { readHealth } from '../../../src/agent/plain/health-answer.ts'
import { reply, webPage } from '../../support/agents/reply.ts'

test.each(['healthy', 'alive', 'ok', 'up', 'ready', 'running', 'pass', 'serving', 'true', 'TRUE', 'Healthy', ' ok '])(
  'an agent that says %j is healthy',
  (status) => expect(readHealth(reply({ status }))).toEqual({ verdict: 'healthy' }),
)

test.each([
  ['a boolean', { status: true }],
  ['no status', { timestamp: '2026-11-22T16:14:30.057758' }],
  ['an empty status', { status: '' }],
  ['a status of null', { status: null }],
  ['an empty object', {}],
  ['a list', []],
  ['NaN beside its status', '{"status": "ok", "load": NaN}'],
])('an agent that answers with %s is healthy', (_what, body) => {
  expect(readHealth(reply(body))).toEqual({ verdict: 'healthy' })
})

test.each([
  ['a JSON string', reply('"UP"')],
  ['true', reply('true')],
  ['a number', reply('1')],
  ['null', reply('null')],
  ['healthy: true', reply({ healthy: true, checks: 3 })],
  ['counts beside its status', reply({ status: 'ok', success: 0, live: '0' })],
  ['the number of success', reply({ status: 200, message: 'OK' })],
  ['text that begins with a good word', reply('OK - 3 models loaded', { contentType: 'text/plain' })],
  ['some text', reply('Hello from the agent', { contentType: 'text/plain' })],
  ['nothing', reply('', { status: 204, contentType: '' })],
  ['an empty body', reply('')],
  ['plain text', reply('OK', { contentType: 'text/plain' })],
])('an agent that answers with %s is healthy', (_what, answer) => {
  expect(readHealth(answer)).toEqual({ verdict: 'healthy' })
})

test.each(['degraded', 'warn', 'starting', 'DEGRADED'])('an agent that says %j is degraded', (status) =>
  expect(readHealth(reply({ status }))).toEqual({ verdict: 'degraded', reason: `reports "${status}"` }),
)

test.each(['unhealthy', 'down', 'Out of memory', 'okay'])(
  'another word makes it unhealthy and is shown: %s',
  (status) => expect(readHealth(reply({ status }))).toEqual({ verdict: 'unhealthy', reason: `reports "${status}"` }),
)

test('says false or a number like another word', () => {
  expect(readHealth(reply({ status: false }))).toEqual({ verdict: 'unhealthy', reason: 'reports "false"' })
  expect(readHealth(reply({ status: 3 }))).toEqual({ verdict: 'unhealthy', reason: 'reports "3"' })
})

test.each([
  ['text', reply('DOWN', { contentType: 'text/plain' }), 'reports "DOWN"'],
  ['text without a type', reply('down\n', { contentType: '' }), 'reports "down"'],
  ['text with a reason', reply('DOWN: no\n GPU', { contentType: 'text/plain' }), 'reports "DOWN: no GPU"'],
  [
    'text that denies',
    reply('The agent is not ready', { contentType: 'text/plain' }),
    'reports "The agent is not ready"',
  ],
  ['text in another script', reply('故障', { contentType: 'text/plain' }), 'reports "故障"'],
  ['a JSON string', reply('"unhealthy"'), 'reports "unhealthy"'],
  ['false', reply('false'), 'reports "false"'],
  ['alive: false', reply({ alive: false }), 'reports that it is not healthy'],
  ['ready: "False"', reply({ ready: 'False', message: 'loading' }), 'reports that it is not healthy: loading'],
  ['success: false', reply({ success: false, status: 200 }), 'reports that it is not healthy'],
  ['Status in Pascal case', reply({ Status: 'DOWN' }), 'reports "DOWN"'],
  ['a state', reply({ state: 'down', message: 'no GPU' }), 'reports "no GPU"'],
  ['isHealthy: false', reply({ isHealthy: false }), 'reports that it is not healthy'],
  ['healthy: 0', reply({ healthy: 0 }), 'reports that it is not healthy'],
  ['healthy: false', reply({ healthy: false }), 'reports that it is not healthy'],
  ['ok: false', reply({ ok: false, reason: 'no GPU' }), 'reports that it is not healthy: no GPU'],
  ['healthy: false beside a good word', reply({ status: 'up', healthy: false }), 'reports that it is not healthy'],
  ['a reason', reply({ status: 'down', reason: 'no GPU' }), 'reports "no GPU"'],
  ['a message', reply({ status: 'DOWN', message: 'no\nGPU' }), 'reports "no GPU"'],
  ['a detail', reply({ status: 'failed', detail: { message: 'no GPU' } }), 'reports "failed": no GPU'],
  ['503 and a reason', reply({ status: 'down', reason: 'no GPU' }, { status: 503 }), 'HTTP 503: no GPU'],
  [
    '503 and a word',
    reply({ status: 'DOWN', components: { db: { status: 'UP' } } }, { status: 503 }),
    'HTTP 503: "DOWN"',
  ],
  ['503 and text', reply('warming up', { status: 503, contentType: 'text/plain' }), 'HTTP 503: warming up'],
  ['503 and its phrase', reply({ detail: 'Service Unavailable' }, { status: 503 }), 'HTTP 503'],
])('an agent that answers with %s is unhealthy, and its words are shown', (_what, answer, reason) => {
  expect(readHealth(answer)).toEqual({ verdict: 'unhealthy', reason })
})

test.each(['busy', 'HealthyBusy', 'BUSY', 'healthy busy'])('an agent that says %j is busy', (status) => {
  expect(readHealth(reply({ status }))).toEqual({ verdict: 'busy', reason: `reports "${status}"` })
  const reason = status.toLowerCase() === 'busy' ? 'reports "3 runs"' : `reports "${status}": 3 runs`
  expect(readHealth(reply({ status, reason: '3 runs' }))).toEqual({ verdict: 'busy', reason })
})

test('a degraded agent says why; its word is kept where it says more than the state', () => {
  const said = (status: string) => readHealth(reply({ status, reason: 'queue is full', message: 'Slow' }))
  expect(said('Degraded')).toEqual({ verdict: 'degraded', reason: 'reports "Slow: queue is full"' })
  expect(said('warn')).toEqual({ verdict: 'degraded', reason: 'reports "warn": Slow: queue is full' })
  expect(readHealth(reply({ status: 'degraded', ok: false, reason: 'no GPU' }))).toEqual({
    verdict: 'unhealthy',
    reason: 'reports "degraded": no GPU',
  })
  expect(said('starting')).toEqual({ verdict: 'degraded', reason: 'reports "starting": Slow: queue is full' })
})

test('a word without end is cut', () => {
  expect(readHealth(reply({ status: 'x'.repeat(10_000) })).reason).toBe(`reports "${'x'.repeat(60)}"`)
})

test.each([
  [
    reply({ status: 'healthy' }, { status: 500, statusText: 'Internal Server Error' }),
    'HTTP 500 Internal Server Error',
  ],
  [reply('', { status: 503 }), 'HTTP 503'],
  [reply({ detail: 'Not Found' }, { status: 404, statusText: 'Not Found' }), 'HTTP 404 Not Found'],
  [reply(webPage, { contentType: 'text/html; charset=utf-8' }), 'answered with a web page'],
  [reply(webPage, { contentType: '' }), 'answered with a web page'],
  [reply('{"status": "heal'), 'answered with invalid JSON'],
  [reply("{'status': 'healthy'}"), 'answered with invalid JSON'],
])('an answer that is no good is unhealthy: %#', (answer, reason) => {
  expect(readHealth(answer)).toEqual({ verdict: 'unhealthy', reason })
})
