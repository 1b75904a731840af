import { expect } from 'vitest'
import { AgentFailure } from '../../../src/agent/http/failure.ts'
import type { IncomingAnswer, Transport } from '../../../src/agent/http/transport.ts'
import type { Overrides } from '../../../src/app.ts'
import type { Config } from '../../../src/config.ts'
import { localActor } from '../../../src/shared/actor.ts'
import { buildAppWithUsers, cookieFor } from '../access/people.ts'
import { announcement, asPython } from '../agents/announced.ts'
import { createTestClock } from '../clock.ts'
import { isAboutFile } from '../store/database.ts'
import { listening, openWire } from './wire.ts'

type Headers = Record<string, string>

const asHtmx = { host: 'localhost', connection: 'keep-alive', accept: 'text/html', 'hx-request': 'true' }

export const polledAgents = '/orchestrator/health-check'

export const healthy = (): IncomingAnswer => ({
  status: 200,
  statusText: 'OK',
  headers: {},
  body: ReadableStream.from([Buffer.from('{"status":"healthy"}')]),
  close: () => undefined,
})

export const requestOf = (headers: Headers, line: string): string =>
  `${line}\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`

/** Somebody who polls on one connection what has not changed. A request that Fastify sees gets an id: those are counted. */
export async function openPoller(asked: {
  url?: string
  /** Nobody has to log in. */
  isOpen?: boolean
  as?: Headers
  config?: Partial<Config>
  overrides?: Overrides
}) {
  isAboutFile()
  const { url = polledAgents, isOpen = false, config, overrides } = asked
  let seen = 0
  const clock = createTestClock()
  const newRequestId = () => `${++seen}`
  const agent = { isUp: true }
  const transport: Transport = async () => {
    if (agent.isUp) return healthy()
    throw new AgentFailure('refused', 'connection refused', true)
  }
  const app = await buildAppWithUsers(isOpen ? {} : { ann: 'admin', vic: 'operator' }, config, {
    clock,
    newRequestId,
    transport,
    ...overrides,
  })
  app.orchestrator.start()
  await register('writer')
  await check(1)
  async function register(agent_id: string): Promise<void> {
    const cookie = isOpen ? '' : await cookieFor(app, 'ann')
    const { status } = await asPython(
      app,
      'POST',
      '/agents/register',
      { ...announcement, agent_id },
      { headers: { cookie } },
    )
    expect(status).toBe(200)
  }

  async function check(times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      await clock.advance(1000)
      await app.orchestrator.checkAll(localActor)
    }
  }

  const wire = await openWire(await listening(app))
  const as = { ...asHtmx, ...(asked.as ?? (isOpen ? {} : { cookie: await cookieFor(app, 'vic') })) }

  async function said(packets: string[]) {
    const before = seen
    const { statusLine, headers, body } = await wire.say(...packets)
    return { status: Number(statusLine.split(' ')[1]), isRepeated: seen === before, headers, body }
  }

  const send = (headers: Headers, line = `GET ${url} HTTP/1.1`, body = '') => said([requestOf(headers, line) + body])
  // The first one reads what others then know.
  await send(as)
  const { headers } = await send(as)
  const known = { ...as, 'if-none-match': headers.get('etag')! }
  const again = (more: Headers = {}, line?: string, body?: string) => send({ ...known, ...more }, line, body)
  const [first, second] = [await again(), await again()]
  expect(first).toMatchObject({ status: 304, isRepeated: false })
  return { app, register, agent, check, clock, wire, as, known, said, send, again, first, second }
}

export type Poller = Awaited<ReturnType<typeof openPoller>>
