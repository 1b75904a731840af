import { parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import type { IncomingAnswer } from '../../../src/agent/http/transport.ts'
import { buildTestApp } from '../../support/app.ts'
import { settle } from '../../support/clock.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { healthy } from '../../support/network/poller.ts'
import { listening, openWire } from '../../support/network/wire.ts'

test('a request whose client went away is no failure when the dashboard stops meanwhile', async () => {
  const { promise: answered, resolve: answer } = Promise.withResolvers<IncomingAnswer>()
  let isAsked = false
  const transport = () => {
    isAsked = true
    return answered
  }
  const dashboard = await openDashboard({ transport })
  const client = new AbortController()
  const asked = fetch(`${dashboard.url}/orchestrator/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ agent_id: 'writer', agent_name: 'Writer', agent_url: 'http://127.0.0.1:9' }),
    signal: client.signal,
  })
  await expect.poll(() => isAsked).toBe(true)
  client.abort()
  await expect(asked).rejects.toThrow()
  await dashboard.stop()
  answer(healthy())
  // What the dashboard logs as an error fails the test, also after its end.
  await settle()
})

const asPage = 'accept: text/html'
const sentence = 'The dashboard is stopping. Nothing was done; try again when it is back.'

test.each([
  ['GET', '/runs', asPage, 'text/html', 'Not available right now'],
  ['GET', '/orchestrator/health-check', `${asPage}\r\nhx-request: true`, 'text/html', sentence],
  [
    'POST',
    '/orchestrator/check',
    `${asPage}\r\ncontent-type: application/x-www-form-urlencoded`,
    'text/html',
    sentence,
  ],
  ['GET', '/runs', 'accept: application/json', 'application/problem+json', sentence],
  ['GET', '/readyz', 'accept: application/json', 'application/problem+json', sentence],
])('%s %s, while the dashboard stops, is refused in words', async (method, url, headers, type, said) => {
  const app = await buildTestApp()
  const port = await listening(app)
  const wire = await openWire(port)
  const host = `host: localhost:${port}`
  await wire.say(`GET /health HTTP/1.1\r\n${host}\r\n\r\n`)
  // A connection with half a request is not closed yet.
  wire.send(`${method} ${url} HTTP/1.1\r\n`)
  await (await fetch(`http://localhost:${port}/health`)).text()
  const closed = app.close()
  await settle()
  const answer = await wire.say(`${host}\r\n${headers}\r\ncontent-length: 0\r\n\r\n`)
  await closed
  expect(answer.statusLine).toMatch(/ 503 /)
  expect(answer.headers.get('x-configurable-agents-dashboard')).toBe('1')
  expect(answer.headers.get('content-type')).toContain(type)
  expect(parse(answer.body).text).toContain(said)
})
