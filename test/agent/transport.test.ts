import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { expect, onTestFinished, test } from 'vitest'
import { createAgentClient } from '../../src/agent/client.ts'
import { createTransport } from '../../src/agent/transport.ts'
import { startAgent } from '../support/agent.ts'
import { unusedPort } from '../support/raw-server.ts'

test('leaves a stand-in for the network in its place, though it is made later', async () => {
  const address = `http://127.0.0.1:${await unusedPort()}`
  const network = setupServer(http.get(`${address}/health`, () => HttpResponse.json({ status: 'degraded' })))
  network.listen({ onUnhandledFrame: 'error' })
  onTestFinished(() => network.close())
  const client = createAgentClient(createTransport())
  expect(await client.checkHealth(address, '/health', 10_000)).toMatchObject({ verdict: 'degraded' })
})

test('opens a connection for each call, and leaves none open', async () => {
  const sockets = new Set<unknown>()
  const closed: Promise<unknown>[] = []
  const agent = await startAgent({
    health(request, response) {
      sockets.add(request.socket)
      closed.push(new Promise((resolve) => request.socket.once('close', resolve)))
      response.end('{}')
    },
  })
  const client = createAgentClient(createTransport())
  for (let call = 0; call < 3; call++) await client.checkHealth(agent.url, '/health', 10_000)
  await Promise.all(closed)
  expect(sockets.size).toBe(3)
})
