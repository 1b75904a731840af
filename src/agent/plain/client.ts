import { systemClock } from '../../shared/clock.ts'
import { type ExchangeRecord, exchange, type Reply } from '../http/exchange.ts'
import { AgentFailure } from '../http/failure.ts'
import { retryAfterMs } from '../http/retry-after.ts'
import type { Transport } from '../http/transport.ts'
import { type InputSchema, readInputSchema } from '../schema/input-schema.ts'
import { type HealthAnswer, readHealth } from './health-answer.ts'
import { type JobAnswer, type RunAnswer, readJob, readRun } from './messages.ts'
import { type OpenApi, readOpenApi } from './open-api.ts'

const healthLimitBytes = 64 * 1024
const schemaLimitBytes = 1024 * 1024
const openApiLimitBytes = 4 * 1024 * 1024
const runLimitBytes = 8 * 1024 * 1024

export type HealthPath = '/health' | '/health/live'

export type OnRecord = (record: ExchangeRecord) => void

/** An agent may ask not to be asked again for some time; a limit on that is kept. */
export type Asks = { retryAfterMs?: number }

export type AgentClient = ReturnType<typeof createAgentClient>

/**
 * Everything that is said to an agent. `address` is a base URL as parseAddress gives it. Each method throws
 * AgentFailure when no answer came that can be read; what the answer says is the result.
 */
export function createAgentClient(transport: Transport, now: () => number = systemClock.now) {
  const get = (
    url: string,
    deadlineMs: number,
    maxBytes: number,
    signal?: AbortSignal,
    onRecord?: OnRecord,
  ): Promise<Reply> =>
    exchange(transport, { method: 'GET', url, deadlineMs, maxBytes, onRecord, ...(signal && { signal }) })

  const askedFor = ({ headers }: Reply): Asks => {
    const ms = retryAfterMs(headers, now())
    return ms === undefined ? {} : { retryAfterMs: ms }
  }

  /** A good answer to a check asks for nothing. */
  const restAfter = (reply: Reply): Asks => (reply.status < 400 ? {} : askedFor(reply))

  return {
    /** Asks on `path`, and where nothing is found there, once on the other one; says which of them answered. */
    async checkHealth(
      address: string,
      path: HealthPath,
      deadlineMs: number,
      signal?: AbortSignal,
      onRecord?: OnRecord,
    ): Promise<HealthAnswer & Asks & { path: HealthPath }> {
      const endsBy = performance.now() + deadlineMs
      const reply = await get(address + path, deadlineMs, healthLimitBytes, signal, onRecord)
      if (reply.status !== 404) return { ...readHealth(reply), ...restAfter(reply), path }
      const other = path === '/health' ? '/health/live' : '/health'
      const leftMs = Math.max(1, endsBy - performance.now())
      const second = await get(address + other, leftMs, healthLimitBytes, signal, onRecord)
      return second.status === 404
        ? { ...readHealth(reply), path }
        : { ...readHealth(second), ...restAfter(second), path: other }
    },

    /** The schema as the agent wrote it, and read. An answer that is no schema is an AgentFailure too. */
    async fetchSchema(address: string, deadlineMs: number): Promise<{ text: string; schema: InputSchema }> {
      const reply = await get(`${address}/schema`, deadlineMs, schemaLimitBytes)
      if (reply.status < 200 || reply.status > 299) {
        throw new AgentFailure('protocol', `it answered ${reply.status} when asked for its schema`)
      }
      const schema = readInputSchema(reply.text)
      if (typeof schema === 'string') throw new AgentFailure('protocol', schema)
      return { text: reply.text, schema }
    },

    /** What stands at one of its paths for health, whatever that is. */
    askHealth: (address: string, path: HealthPath, deadlineMs: number): Promise<Reply> =>
      get(address + path, deadlineMs, healthLimitBytes),

    /** What the agent announces of itself. Many announce nothing, or nothing that can be read: undefined, no failure. */
    async fetchOpenApi(address: string, deadlineMs: number): Promise<OpenApi | undefined> {
      try {
        const reply = await get(`${address}/openapi.json`, deadlineMs, openApiLimitBytes)
        return reply.status === 200 ? readOpenApi(reply.text) : undefined
      } catch (error) {
        if (error instanceof AgentFailure) return undefined
        throw error
      }
    },

    /** Sends a run, once. `inputs` is the JSON text of an object and goes out as it is. */
    async run(
      address: string,
      run: { id: string; inputs: string; deadlineMs: number; signal: AbortSignal; onRecord?: OnRecord },
    ): Promise<RunAnswer> {
      const reply = await exchange(transport, {
        method: 'POST',
        url: `${address}/run`,
        body: run.inputs,
        headers: { 'idempotency-key': run.id },
        deadlineMs: run.deadlineMs,
        maxBytes: runLimitBytes,
        signal: run.signal,
        onRecord: run.onRecord,
      })
      return readRun(reply)
    },

    /** Asks how a job goes that the agent took to the background. */
    async askJob(
      address: string,
      jobId: string,
      ask: { deadlineMs: number; signal: AbortSignal; onRecord?: OnRecord },
    ): Promise<JobAnswer & Asks> {
      const url = `${address}/status/${encodeURIComponent(jobId)}`
      const reply = await get(url, ask.deadlineMs, runLimitBytes, ask.signal, ask.onRecord)
      return { ...readJob(reply), ...askedFor(reply) }
    },
  }
}
