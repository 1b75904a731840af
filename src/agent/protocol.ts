import type { FieldError } from '../shared/errors.ts'
import type { Reply } from './http/exchange.ts'
import type { OnRecord } from './http/record.ts'
import type { Target } from './http/target.ts'
import type { InputSchema } from './schema/input-schema.ts'

export type ProtocolName = 'plain'

/** Each call throws AgentFailure when no readable answer came; what the answer says is the result. */
export type Protocol = {
  endpoints: Endpoints

  /** Asks at `endpoint` first, where an earlier check found its answer. */
  checkHealth(target: Target, ask: Ask & { endpoint?: string | undefined }): Promise<HealthReport>

  /** Throws also when the answer is no schema. */
  describe(target: Target, ask: Ask): Promise<Description>

  /** Reads a schema that `describe` brought earlier. Undefined when it cannot be read any more. */
  readDescription(text: string): Description | undefined

  /** What the server says of itself beside its schema. Many say nothing: undefined, no failure. */
  about?(target: Target, ask: Ask): Promise<About | undefined>

  /** Sends a run, once. `inputs` is the JSON text of an object and goes out as it is. */
  run(target: Target, run: Ask & { id: string; inputs: string; traceparent?: string | undefined }): Promise<RunAnswer>

  /** Asks for news of a job that the agent runs in the background; it is asked again until the job has ended. */
  follow(target: Target, jobId: string, ask: Ask): Promise<JobAnswer & RetryAfter>

  cancel?(target: Target, jobId: string, ask: Ask): Promise<void>

  /** A shell command that sends the same run; undefined when it would be too long for a shell. */
  curl?(target: Target, inputs: string, traceparent?: string): string | undefined
}

export type Protocols = Record<ProtocolName, Protocol>

export type Ask = { deadlineMs: number; signal?: AbortSignal | undefined; onRecord?: OnRecord | undefined }

export type Endpoints = {
  health: string
  schema: string
  run: string
  about: string
  /** Finds any of them, and the pages beside them, at the end of a URL. */
  atEnd: RegExp
}

/** `reason` is a phrase whose subject is the agent. */
export type HealthAnswer = { verdict: 'healthy' | 'busy' | 'degraded' | 'unhealthy'; reason?: string }

export type HealthReport = HealthAnswer & RetryAfter & { endpoint: string; reply: Reply }

/** For how long the agent asks not to be asked again; that is limited. */
export type RetryAfter = { retryAfterMs?: number }

/** `text` is the schema as the agent wrote it. */
export type Description = { text: string; schema: InputSchema }

export type About = { title: string; description: string; listsRun: boolean }

/** `outputs` is the agent's own JSON text. */
export type RunResult = { outputs: string | null; totalTokens: number | null; totalCostUsd: number | null }

/** How work ended. `result` is what was reached, and cost, before it was cancelled. */
type EndAnswer =
  | ({ kind: 'completed' } & RunResult)
  | { kind: 'cancelled'; message: string; result?: RunResult | undefined }

export type RunAnswer =
  | EndAnswer
  | { kind: 'failed'; message: string; fields: FieldError[]; result?: RunResult | undefined }
  | { kind: 'accepted'; jobId: string }

/** What an agent said of a job. `reason` is a phrase whose subject is the agent, without a full stop. `not-here`: this
 * agent does not know the job, but the next worker process may; `not-found`: something else does not, such as a proxy
 * while the agent restarts; `gone`: forgotten for good. After `unclear` it is asked again. */
export type JobAnswer =
  | EndAnswer
  | { kind: 'failed'; message: string; fields?: FieldError[]; result?: RunResult | undefined }
  | { kind: 'working'; word: string }
  | { kind: 'not-here' | 'not-found' | 'gone' | 'credential' | 'unclear'; reason: string }
