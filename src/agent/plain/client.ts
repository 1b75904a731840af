import { systemClock } from '../../shared/clock.ts'
import { exchange, type Reply } from '../http/exchange.ts'
import { AgentFailure } from '../http/failure.ts'
import type { OnRecord } from '../http/record.ts'
import { retryAfterMs } from '../http/retry-after.ts'
import { type Target, targetBelow } from '../http/target.ts'
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

/** An agent may ask not to be asked again for some time; a limit on that is kept. */
export type Asks = { retryAfterMs?: number }

export type AgentClient = ReturnType<typeof createAgentClient>

/**
 * Everything that is said to an agent. Each method throws AgentFailure when no answer came that can be read; what the
 * answer says is the result.
 */
export function createAgentClient(transport: Transport, now: () => number = systemClock.now) {
  const get = (
    target: Target,
    path: string,
    deadlineMs: number,
    maxBytes: number,
    signal?: AbortSignal,
    onRecord?: OnRecord,
  ): Promise<Reply> =>
    exchange(transport, {
      method: 'GET',
      target: targetBelow(target, path),
      deadlineMs,
      maxBytes,
      onRecord,
      ...(signal && { signal }),
    })

  const askedFor = ({ headers }: Reply): Asks => {
    const ms = retryAfterMs(headers, now())
    return ms === undefined ? {} : { retryAfterMs: ms }
  }

  /** A good answer to a check asks for nothing. */
  const restAfter = (reply: Reply): Asks => (reply.status < 400 ? {} : askedFor(reply))

  return {
    /** Asks on `path`, and where nothing is found there, once on the other one; says which of them answered. */
    async checkHealth(
      target: Target,
      path: HealthPath,
      deadlineMs: number,
      signal?: AbortSignal,
      onRecord?: OnRecord,
    ): Promise<HealthAnswer & Asks & { path: HealthPath }> {
      const endsBy = performance.now() + deadlineMs
      const reply = await get(target, path, deadlineMs, healthLimitBytes, signal, onRecord)
      if (reply.status !== 404) return { ...readHealth(reply), ...restAfter(reply), path }
      const other = path === '/health' ? '/health/live' : '/health'
      const leftMs = Math.max(1, endsBy - performance.now())
      const second = await get(target, other, leftMs, healthLimitBytes, signal, onRecord)
      return second.status === 404
        ? { ...readHealth(reply), path }
        : { ...readHealth(second), ...restAfter(second), path: other }
    },

    /** The schema as the agent wrote it, and read. An answer that is no schema is an AgentFailure too. */
    async fetchSchema(target: Target, deadlineMs: number): Promise<{ text: string; schema: InputSchema }> {
      const reply = await get(target, '/schema', deadlineMs, schemaLimitBytes)
      if (reply.status < 200 || reply.status > 299) {
        throw new AgentFailure('protocol', `it answered ${reply.status} when asked for its schema`)
      }
      const schema = readInputSchema(reply.text)
      if (typeof schema === 'string') throw new AgentFailure('protocol', schema)
      return { text: reply.text, schema }
    },

    /** What stands at one of its paths for health, whatever that is. */
    askHealth: (target: Target, path: HealthPath, deadlineMs: number): Promise<Reply> =>
      get(target, path, deadlineMs, healthLimitBytes),

    /** What the agent announces of itself. Many announce nothing, or nothing that can be read: undefined, no failure. */
    async fetchOpenApi(target: Target, deadlineMs: number): Promise<OpenApi | undefined> {
      try {
        const reply = await get(target, '/openapi.json', deadlineMs, openApiLimitBytes)
        return reply.status === 200 ? readOpenApi(reply.text) : undefined
      } catch (error) {
        if (error instanceof AgentFailure) return undefined
        throw error
      }
    },

    /** Sends a run, once. `inputs` is the JSON text of an object and goes out as it is. */
    async run(
      target: Target,
      run: { id: string; inputs: string; deadlineMs: number; signal: AbortSignal; onRecord?: OnRecord },
    ): Promise<RunAnswer> {
      const reply = await exchange(transport, {
        method: 'POST',
        target: targetBelow(target, '/run'),
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
      target: Target,
      jobId: string,
      ask: { deadlineMs: number; signal: AbortSignal; onRecord?: OnRecord },
    ): Promise<JobAnswer & Asks> {
      const path = `/status/${encodeURIComponent(jobId)}`
      const reply = await get(target, path, ask.deadlineMs, runLimitBytes, ask.signal, ask.onRecord)
      return { ...readJob(reply), ...askedFor(reply) }
    },
  }
}
