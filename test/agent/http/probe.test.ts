import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { AgentFailure } from '../../../src/agent/http/failure.ts'
import { createProbe } from '../../../src/agent/http/probe.ts'
import { startAgent } from '../../support/agents/agent.ts'
import { startRawServer, unusedPort } from '../../support/network/raw-server.ts'
import { startTlsServer } from '../../support/network/tls-server.ts'
import { routes } from '../../support/network/transport.ts'

const probe = createProbe(routes)
const limitMs = 5000
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error) => {
      expect(error).toBeInstanceOf(AgentFailure)
      return error as AgentFailure
    },
  )

test('a name is looked up, and an address is its own', async () => {
  expect(await probe.lookUp('localhost', limitMs)).toContainEqual(expect.stringMatching(/^(127\.0\.0\.1|::1)$/))
  expect(await probe.lookUp('10.0.0.1', limitMs)).toEqual(['10.0.0.1'])
  expect(await probe.lookUp('::1', limitMs)).toEqual(['::1'])
})

test.each(['no-such-host.invalid', `${'x'.repeat(300)}.example`, 'a..b'])('the name %s leads nowhere', async (name) => {
  expect(await failureOf(probe.lookUp(name, limitMs))).toMatchObject({ kind: 'name', isUnsent: true })
})

test('an open port is opened and left without a word', async () => {
  const heard: Buffer[] = []
  const { promise: left, resolve } = Promise.withResolvers<void>()
  const server = createServer((socket) => {
    socket.on('data', (bytes) => heard.push(bytes))
    socket.on('error', () => undefined)
    socket.once('close', () => resolve())
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    server.close()
  })
  await probe.openPort('localhost', (server.address() as { port: number }).port, limitMs)
  await left
  expect(heard).toEqual([])
})

test('a closed port is refused', async () => {
  const port = await unusedPort()
  expect(await failureOf(probe.openPort('localhost', port, limitMs))).toMatchObject({
    kind: 'refused',
    reason: 'connection refused',
  })
})

test('who speaks TLS is told from who does not, or says nothing', async () => {
  const tls = await startTlsServer((_, response) => response.end())
  const agent = await startAgent()
  const silent = await startRawServer(() => undefined)
  expect(await probe.speaksTls('localhost', tls.port, limitMs)).toBe(true)
  expect(await probe.speaksTls('127.0.0.1', tls.port, limitMs)).toBe(true)
  expect(await probe.speaksTls('127.0.0.1', agent.port, limitMs)).toBe(false)
  expect(await probe.speaksTls('127.0.0.1', Number(new URL(silent.url).port), 50)).toBe(false)
  expect(await probe.speaksTls('127.0.0.1', await unusedPort(), limitMs)).toBe(false)
})
