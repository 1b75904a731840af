import { credentialPhrase } from '../../shared/text/credential-words.ts'
import { turnIfLarge } from '../../shared/turn.ts'
import { exchange, type Reply } from '../http/exchange.ts'
import { AgentFailure } from '../http/failure.ts'
import { retryAfterMs } from '../http/retry-after.ts'
import { type Target, targetBelow } from '../http/target.ts'
import type { Transport } from '../http/transport.ts'
import type { Ask, Protocol, RetryAfter } from '../protocol.ts'
import { readInputSchema } from '../schema/input-schema.ts'
import { curlFor } from './curl.ts'
import { readHealth } from './health-answer.ts'
import { readJob, readRun } from './messages.ts'
import { readOpenApi } from './open-api.ts'

const maxHealthBytes = 64 * 1024
const maxSchemaBytes = 1024 * 1024
const maxOpenApiBytes = 4 * 1024 * 1024
const maxRunBytes = 8 * 1024 * 1024

const liveEndpoint = '/health/live'
const endpoints = {
  health: '/health',
  schema: '/schema',
  run: '/run',
  about: '/openapi.json',
  atEnd: /\/(health|health\/live|schema|run|status|status\/[^/]+|docs|redoc|openapi\.json)$/i,
}

const hasCredential = ({ headers }: Target): boolean => Object.keys(headers).length > 0

async function inTurns<Read>({ text }: Reply, read: () => Read): Promise<Read> {
  await turnIfLarge(text)
  const answer = read()
  await turnIfLarge(text)
  return answer
}

export function createPlainProtocol(transport: Transport, now: () => number): Protocol {
  const get = (target: Target, path: string, maxBytes: number, { deadlineMs, signal, onRecord }: Ask): Promise<Reply> =>
    exchange(transport, { method: 'GET', target: targetBelow(target, path), deadlineMs, maxBytes, signal, onRecord })

  const retryAfter = ({ headers }: Reply): RetryAfter => {
    const ms = retryAfterMs(headers, now())
    return ms === undefined ? {} : { retryAfterMs: ms }
  }

  const reportOf = (reply: Reply, endpoint: string, target: Target) => ({
    ...readHealth(reply, hasCredential(target)),
    ...(reply.status < 400 ? {} : retryAfter(reply)),
    endpoint,
    reply,
  })

  return {
    endpoints,

    async checkHealth(target, { endpoint = endpoints.health, ...ask }) {
      const own = target.healthPath
      if (own !== undefined) return reportOf(await get(target, own, maxHealthBytes, ask), own, target)
      const endsBy = performance.now() + ask.deadlineMs
      const reply = await get(target, endpoint, maxHealthBytes, ask)
      if (reply.status !== 404) return reportOf(reply, endpoint, target)
      const other = endpoint === endpoints.health ? liveEndpoint : endpoints.health
      const leftMs = Math.max(1, endsBy - performance.now())
      const second = await get(target, other, maxHealthBytes, { ...ask, deadlineMs: leftMs })
      return second.status === 404 ? { ...readHealth(reply), endpoint, reply } : reportOf(second, other, target)
    },

    async describe(target, ask) {
      const { status, text } = await get(target, endpoints.schema, maxSchemaBytes, ask)
      if (status < 200 || status > 299) {
        const asks = credentialPhrase(status, hasCredential(target))
        const answered = `HTTP ${status} when asked for its schema`
        throw new AgentFailure('protocol', asks === undefined ? answered : `it ${asks} (${answered})`)
      }
      const schema = readInputSchema(text)
      if (typeof schema === 'string') throw new AgentFailure('protocol', schema)
      return { text, schema }
    },

    readDescription(text) {
      const schema = readInputSchema(text)
      return typeof schema === 'string' ? undefined : { text, schema }
    },

    async about(target, ask) {
      try {
        const { status, text } = await get(target, endpoints.about, maxOpenApiBytes, ask)
        return status === 200 ? readOpenApi(text) : undefined
      } catch (error) {
        if (error instanceof AgentFailure) return undefined
        throw error
      }
    },

    async run(target, { id, inputs, traceparent, ...ask }) {
      const reply = await exchange(transport, {
        ...ask,
        method: 'POST',
        target: targetBelow(target, endpoints.run),
        body: inputs,
        headers: { 'idempotency-key': id, ...(traceparent !== undefined && { traceparent }) },
        maxBytes: maxRunBytes,
      })
      return inTurns(reply, () => readRun(reply, hasCredential(target)))
    },

    async follow(target, jobId, ask) {
      const reply = await get(target, `/status/${encodeURIComponent(jobId)}`, maxRunBytes, ask)
      return inTurns(reply, () => ({ ...readJob(reply, hasCredential(target)), ...retryAfter(reply) }))
    },

    curl: (target, inputs, traceparent) => curlFor(targetBelow(target, endpoints.run), inputs, traceparent),
  }
}
