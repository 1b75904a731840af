import { expect, test } from 'vitest'
import { readHealth } from '../../src/agent/health-answer.ts'
import { reply, webPage } from '../support/reply.ts'

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
  ['nothing', reply('', { status: 204, contentType: '' })],
  ['an empty body', reply('')],
  ['plain text', reply('OK', { contentType: 'text/plain' })],
])('an agent that answers with %s is healthy', (_what, answer) => {
  expect(readHealth(answer)).toEqual({ verdict: 'healthy' })
})

test.each(['degraded', 'warn', 'starting', 'DEGRADED'])('an agent that says %j is degraded', (status) =>
  expect(readHealth(reply({ status }))).toEqual({ verdict: 'degraded', reason: `it says "${status}"` }),
)

test.each(['unhealthy', 'down', 'Out of memory', 'okay'])(
  'another word makes it unhealthy and is shown: %s',
  (status) => expect(readHealth(reply({ status }))).toEqual({ verdict: 'unhealthy', reason: `it says "${status}"` }),
)

test('says false or a number like another word', () => {
  expect(readHealth(reply({ status: false }))).toEqual({ verdict: 'unhealthy', reason: 'it says "false"' })
  expect(readHealth(reply({ status: 3 }))).toEqual({ verdict: 'unhealthy', reason: 'it says "3"' })
})

test('a word without end is cut', () => {
  expect(readHealth(reply({ status: 'x'.repeat(10_000) })).reason).toBe(`it says "${'x'.repeat(60)}"`)
})

test.each([
  [
    reply({ status: 'healthy' }, { status: 500, statusText: 'Internal Server Error' }),
    'it answered 500 Internal Server Error',
  ],
  [reply('', { status: 503 }), 'it answered 503'],
  [reply({ detail: 'Not Found' }, { status: 404, statusText: 'Not Found' }), 'it answered 404 Not Found'],
  [reply(webPage, { contentType: 'text/html; charset=utf-8' }), 'it answered with a web page'],
  [reply(webPage, { contentType: '' }), 'it answered with a web page'],
  [reply('{"status": "heal'), 'its answer is not valid JSON'],
  [reply("{'status': 'healthy'}"), 'its answer is not valid JSON'],
])('an answer that is no good is unhealthy: %#', (answer, reason) => {
  expect(readHealth(answer)).toEqual({ verdict: 'unhealthy', reason })
})
