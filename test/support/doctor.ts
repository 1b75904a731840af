import { expect } from 'vitest'
import type { Reply } from '../../src/agent/http/exchange.ts'
import { AgentFailure } from '../../src/agent/http/failure.ts'
import type { Probe } from '../../src/agent/http/probe.ts'
import type { AgentClient } from '../../src/agent/plain/client.ts'
import type { OpenApi } from '../../src/agent/plain/open-api.ts'
import { readInputSchema } from '../../src/agent/schema/input-schema.ts'
import type { KnownAgent } from '../../src/orchestrator/doctor/address.ts'
import { createDoctor, type Diagnosis } from '../../src/orchestrator/doctor/doctor.ts'
import { checks } from '../../src/orchestrator/doctor/finding.ts'
import { reply } from './reply.ts'

export type World = {
  addresses: string[] | AgentFailure
  port: 'open' | AgentFailure
  isTls: boolean
  /** What GET answers at a URL; what is not named answers 404. */
  at: Record<string, Reply | AgentFailure>
  schema: object | AgentFailure
  openApi: OpenApi | undefined
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
export const announced: OpenApi = { title: 'article_writer API', description: '', announcesRun: true }
const good: World = {
  addresses: ['127.0.0.1', '::1'],
  port: 'open',
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

export function createWorld(changes: Partial<World> = {}) {
  const world = { ...good, ...changes }
  const asked: string[] = []
  const deadlines: number[] = []
  let now = 0
  const client: Pick<AgentClient, 'askHealth' | 'fetchSchema' | 'fetchOpenApi'> = {
    async askHealth({ url: address }, path, deadlineMs) {
      asked.push(address + path)
      deadlines.push(deadlineMs)
      now += world.tookMs
      return orThrow(world.at[address + path] ?? missing)
    },
    async fetchSchema({ url: address }, deadlineMs) {
      asked.push(`${address}/schema`)
      deadlines.push(deadlineMs)
      const text = JSON.stringify(orThrow(world.schema))
      const schema = readInputSchema(text)
      if (typeof schema === 'string') throw new AgentFailure('protocol', schema)
      return { text, schema }
    },
    async fetchOpenApi({ url: address }) {
      asked.push(`${address}/openapi.json`)
      return world.openApi
    },
  }
  const probe: Probe = {
    async lookUp(_host, deadlineMs) {
      deadlines.push(deadlineMs)
      return orThrow(world.addresses)
    },
    async openPort(_host, _port, deadlineMs) {
      deadlines.push(deadlineMs)
      orThrow(world.port)
    },
    speaksTls: async () => world.isTls,
  }
  const doctor = createDoctor({
    client,
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
