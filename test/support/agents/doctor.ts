import { expect } from 'vitest'
import type { Reply } from '../../../src/agent/http/exchange.ts'
import { AgentFailure } from '../../../src/agent/http/failure.ts'
import type { Probe } from '../../../src/agent/http/probe.ts'
import type { Transport } from '../../../src/agent/http/transport.ts'
import type { About, Protocol } from '../../../src/agent/protocol.ts'
import { createProtocols } from '../../../src/agent/protocols.ts'
import type { KnownAgent } from '../../../src/orchestrator/doctor/address.ts'
import type { Diagnosis } from '../../../src/orchestrator/doctor/diagnosis.ts'
import { createDoctor } from '../../../src/orchestrator/doctor/doctor.ts'
import { checks } from '../../../src/orchestrator/doctor/finding.ts'
import { reply } from './reply.ts'

export type World = {
  addresses: string[] | AgentFailure
  port: 'open' | AgentFailure
  /** Besides that of the URL; nothing listens at others. */
  openPorts: number[]
  isTls: boolean
  /** What GET answers at a URL; what is not named answers 404. */
  at: Record<string, Reply | AgentFailure>
  schema: object | AgentFailure
  openApi: About | undefined
  agents: KnownAgent[]
  /** How long each answer takes. */
  tookMs: number
}

export const url = 'http://localhost:8001'
export const healthy = reply({ status: 'alive' })
export const missing = reply({ detail: 'Not Found' }, { status: 404, statusText: 'Not Found' })
export const workflow = {
  workflow: 'article_writer',
  inputs: { topic: { type: 'str', required: true }, length: { type: 'int', required: false, default: 500 } },
}
export const announced: About = { title: 'article_writer API', description: '', listsRun: true }
const good: World = {
  addresses: ['127.0.0.1', '::1'],
  port: 'open',
  openPorts: [],
  isTls: false,
  at: { [`${url}/health`]: healthy },
  schema: workflow,
  openApi: announced,
  agents: [],
  tookMs: 10,
}

function orThrow<T>(value: T | AgentFailure): T {
  if (value instanceof AgentFailure) throw value
  return value
}

function openApiOf({ title, description, listsRun }: About): Reply {
  return reply({ info: { title, description }, paths: listsRun ? { '/run': { post: {} } } : {} })
}

export function createWorld(changes: Partial<World> = {}) {
  const world = { ...good, ...changes }
  const asked: string[] = []
  const deadlines: number[] = []
  let now = 0
  const transport: Transport = async ({ url: called, onSend }) => {
    asked.push(called)
    now += world.tookMs
    onSend()
    const { status, statusText, contentType, headers, text } = answerAt(called)
    return {
      status,
      statusText,
      headers: { 'content-type': contentType, ...headers },
      body: ReadableStream.from([Buffer.from(text)]),
      close: () => undefined,
    }
  }

  function answerAt(called: string): Reply {
    if (world.at[called]) return orThrow(world.at[called])
    if (called.endsWith('/schema')) return reply(orThrow(world.schema))
    if (called.endsWith('/openapi.json')) return world.openApi ? openApiOf(world.openApi) : missing
    return orThrow(world.at[called] ?? missing)
  }

  const { plain } = createProtocols(transport, () => now)
  const timed: Protocol = {
    ...plain,
    checkHealth(target, ask) {
      deadlines.push(ask.deadlineMs)
      return plain.checkHealth(target, ask)
    },
    describe(target, ask) {
      deadlines.push(ask.deadlineMs)
      return plain.describe(target, ask)
    },
  }
  const probe: Probe = {
    async lookUp(_host, deadlineMs) {
      deadlines.push(deadlineMs)
      return orThrow(world.addresses)
    },
    async openPort(_host, port, deadlineMs) {
      deadlines.push(deadlineMs)
      if (port === 8001) orThrow(world.port)
      else if (!world.openPorts.includes(port)) throw new AgentFailure('refused', 'connection refused')
    },
    speaksTls: async () => world.isTls,
  }
  const doctor = createDoctor({
    protocols: { plain: timed },
    probe,
    agents: () => world.agents,
    answerMs: 5000,
    healthCheckMs: 3000,
    elapsed: () => now,
  })
  return { doctor, asked, deadlines }
}

export const diagnose = (changes: Partial<World> = {}, typed: unknown = url, typedId?: unknown) =>
  createWorld(changes).doctor.diagnose(typed, typedId)

export const verdictsOf = ({ lines }: Diagnosis) => lines.map(({ verdict }) => verdict).join(' ')
export const lineOf = ({ lines }: Diagnosis, check: (typeof checks)[number]) =>
  lines.find((line) => line.check === check)!

/** What holds for every report: one line per check in order, sentences, next steps, nothing after a failure. */
export function expectSound(diagnosis: Diagnosis): void {
  expect(diagnosis.lines.map(({ check }) => check)).toEqual(checks)
  for (const { verdict, message, next } of diagnosis.lines) {
    expect(message).toMatch(/^\S[^\p{Cc}]*[.?!…]$/u)
    expect(message.length).toBeLessThan(700)
    if (verdict === 'warn' || verdict === 'fail') expect(next).toMatch(/^[A-Z"].{4,}[.?]$/)
    else expect(next).toBeUndefined()
  }
  const verdicts = diagnosis.lines.map(({ verdict }) => verdict)
  expect(verdicts.filter((one) => one === 'fail')).toHaveLength(diagnosis.isOk ? 0 : 1)
  const after = verdicts.slice(verdicts.indexOf('fail') + 1)
  if (!diagnosis.isOk) expect(after.every((one) => one === 'skipped')).toBe(true)
  if (diagnosis.isOk) expect(verdicts).not.toContain('skipped')
}
