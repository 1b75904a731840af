import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { exchange } from '../../../src/agent/http/exchange.ts'
import { addressFrom, createNames } from '../../../src/agent/http/names/names.ts'
import { createRoutes } from '../../../src/agent/http/names/routes.ts'
import { createTransport } from '../../../src/agent/http/transport.ts'
import { createProtocols } from '../../../src/agent/protocols.ts'
import { systemClock } from '../../../src/shared/time/clock.ts'
import { startAgent, startAgentOnRefusedPort, text } from '../../support/agents/agent.ts'
import { unusedPort } from '../../support/network/raw-server.ts'
import { startTlsServer } from '../../support/network/tls-server.ts'
import { targetAt, transport } from '../../support/network/transport.ts'

const run = (url: string, more: { deadlineMs?: number; signal?: AbortSignal } = {}) =>
  exchange(transport, {
    method: 'POST',
    target: targetAt(url),
    body: '{}',
    deadlineMs: 10_000,
    maxBytes: 100_000,
    ...more,
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
  const { plain } = createProtocols(transport, systemClock.now)
  for (let call = 0; call < 3; call++) await plain.checkHealth(targetAt(agent.url), { deadlineMs: 10_000 })
  await Promise.all(closed)
  expect(sockets.size).toBe(3)
})

test.each([
  [421, 'Misdirected Request'],
  [425, 'Too Early'],
  [408, 'Request Timeout'],
  [429, 'Too Many Requests'],
  [503, 'Service Unavailable'],
  [407, 'Proxy Authentication Required'],
  [401, 'Unauthorized'],
])('sends a request once, whatever is answered: %i', async (status, statusText) => {
  const agent = await startAgent({ run: text('no', status, 'text/plain', { 'retry-after': '0', connection: 'close' }) })
  expect(await run(`${agent.url}/run`)).toMatchObject({ status, statusText, text: 'no' })
  expect(agent.requests).toHaveLength(1)
})

test('sends nothing that was not asked for', async () => {
  const agent = await startAgent()
  await run(`${agent.url}/run`)
  expect(Object.keys(agent.requests[0]!.headers).sort()).toEqual([
    'accept',
    'accept-encoding',
    'connection',
    'content-length',
    'content-type',
    'host',
    'user-agent',
  ])
})

test('reaches an agent on a port that `fetch` refuses', async () => {
  const agent = await startAgentOnRefusedPort()
  await expect(fetch(agent.url)).rejects.toThrow('fetch failed')
  expect((await run(`${agent.url}/run`)).status).toBe(200)
})

/** Takes connections only as far as the system does by itself: nobody reads what comes, and nobody answers. */
async function startDeafTlsPort(): Promise<{ port: number; sockets: Socket[]; server: Server }> {
  const sockets: Socket[] = []
  const server = createServer((socket) => sockets.push(socket.on('error', () => undefined)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return { port: (server.address() as AddressInfo).port, sockets, server }
}

test('has sent nothing while a handshake is unanswered, and says so', async () => {
  const { port } = await startDeafTlsPort()
  await expect(run(`https://127.0.0.1:${port}/run`, { deadlineMs: 100 })).rejects.toMatchObject({
    kind: 'timeout',
    reason: 'no connection within 0.1 s',
    isUnsent: true,
  })
})

// Left alone, it would be given up after ten seconds.
test('leaves a connection that is being made when it is given up', { timeout: 5000 }, async () => {
  const { port, sockets, server } = await startDeafTlsPort()
  const giveUp = new AbortController()
  const answer = run(`https://127.0.0.1:${port}/run`, { signal: giveUp.signal })
  if (sockets.length === 0) await once(server, 'connection')
  const left = once(sockets[0]!, 'close')
  sockets[0]!.resume()
  giveUp.abort()
  await expect(answer).rejects.toMatchObject({ kind: 'cancelled', isUnsent: true })
  await left
})

test('has sent nothing to a server whose certificate is not accepted', async () => {
  const asked: unknown[] = []
  const { port } = await startTlsServer((request, response) => {
    asked.push(request.url)
    response.end()
  })
  await expect(run(`https://localhost:${port}/run`)).rejects.toMatchObject({ kind: 'tls', isUnsent: true })
  expect(asked).toEqual([])
})

test('does not try a handshake again that is broken off', async () => {
  const { server, port } = await startDeafTlsPort()
  let connections = 0
  server.on('connection', (socket) => {
    connections++
    socket.once('data', () => socket.resetAndDestroy())
  })
  await expect(run(`https://127.0.0.1:${port}/run`)).rejects.toMatchObject({ kind: 'reset', isUnsent: true })
  expect(connections).toBe(1)
})

/** A transport for which every name leads to these addresses. */
const leadingTo = (...addresses: string[]) =>
  createTransport(
    createRoutes(createNames(async () => ({ addresses: addresses.map(addressFrom), freshMs: 30_000 }), systemClock)),
  )

test.each([['127.0.0.1'], ['::1']])('tries every address of a name: an agent at %s alone is reached', async (host) => {
  const hosts: (string | undefined)[] = []
  const server = createHttpServer((request, response) => {
    hosts.push(request.headers.host)
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  onTestFinished(() => {
    server.close()
  })
  const { port } = server.address() as AddressInfo
  for (const addresses of [
    ['127.0.0.1', '::1'],
    ['::1', '127.0.0.1'],
  ]) {
    const call = {
      method: 'GET',
      target: targetAt(`http://agent.example:${port}/`),
      deadlineMs: 10_000,
      maxBytes: 100,
    } as const
    expect((await exchange(leadingTo(...addresses), call)).text).toBe('{}')
  }
  expect(hosts).toEqual([`agent.example:${port}`, `agent.example:${port}`])
})

test('a certificate is asked for under the name of the host, not its address', async () => {
  const { port, named } = await startTlsServer((_, response) => response.end())
  const call = {
    method: 'GET',
    target: targetAt(`https://agent.example:${port}/`),
    deadlineMs: 10_000,
    maxBytes: 100,
  } as const
  await expect(exchange(leadingTo('127.0.0.1'), call)).rejects.toMatchObject({ kind: 'tls', isUnsent: true })
  expect(named).toEqual(['agent.example'])
})

test('a name whose addresses refuse is looked up anew for the next call', async () => {
  let lookups = 0
  const names = createNames(async () => {
    lookups++
    return { addresses: [addressFrom('127.0.0.1')], freshMs: 30_000 }
  }, systemClock)
  const port = await unusedPort()
  const call = {
    method: 'GET',
    target: targetAt(`http://agent.example:${port}/`),
    deadlineMs: 10_000,
    maxBytes: 100,
  } as const
  const send = () => exchange(createTransport(createRoutes(names)), call)
  await expect(send()).rejects.toMatchObject({ kind: 'refused' })
  await startAgent({}, port)
  await send()
  await send()
  expect(lookups).toBe(2)
})
