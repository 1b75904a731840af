import { expect, test } from 'vitest'
import type { IncomingAnswer } from '../../../src/agent/http/transport.ts'
import { settle } from '../../support/clock.ts'
import { openDashboard } from '../../support/dashboard.ts'
import { healthy } from '../../support/network/poller.ts'

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
