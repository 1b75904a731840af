import { z } from 'zod'
import type { FieldError } from '../errors.ts'
import { isJson, jsonMembers, looseValue } from '../json.ts'
import type { Reply } from './exchange.ts'

export type HealthAnswer = { verdict: 'healthy' | 'degraded' | 'unhealthy'; reason?: string }

export type RunResult = { outputs: string | null; totalTokens: number | null; totalCostUsd: number | null }

/** What an agent said of a run. `outputs` is the agent's own JSON text; `message` a sentence. */
export type RunAnswer =
  | ({ kind: 'completed' } & RunResult)
  | { kind: 'accepted'; jobId: string }
  | { kind: 'failed'; message: string; fields: FieldError[] }

/** What an agent said of a job. `unclear` is an answer that says nothing about the job, so it is asked again. */
export type JobAnswer =
  | ({ kind: 'completed' } & RunResult)
  | { kind: 'failed'; message: string }
  | { kind: 'working'; word: string }
  | { kind: 'unknown-job' }
  | { kind: 'unclear'; reason: string }

const healthyWords = new Set(['healthy', 'alive', 'ok', 'up', 'ready', 'running', 'pass', 'serving', 'true'])
const degradedWords = new Set(['degraded', 'warn', 'starting'])
const successWords = new Set(['success', 'completed', 'succeeded', 'ok', 'done', 'finished'])
const failureWords = new Set(['failed', 'error', 'failure', 'cancelled', 'canceled', 'aborted'])

const longestMessage = 2000
const longestWord = 60
const longestJobId = 512

/** Reads an answer to `GET /health`; any status word counts as the contract with agents says. */
export function readHealth(reply: Reply): HealthAnswer {
  if (reply.status < 200 || reply.status > 299)
    return { verdict: 'unhealthy', reason: `it answered ${statusLine(reply)}` }
  if (isWebPage(reply)) return { verdict: 'unhealthy', reason: 'it answered with a web page' }
  const value = looseValue(reply.text)
  if (value === undefined && reply.contentType.includes('json') && reply.text.trim() !== '') {
    return { verdict: 'unhealthy', reason: 'its answer is not valid JSON' }
  }
  const status = z.object({ status: z.union([z.string(), z.boolean(), z.number()]) }).safeParse(value)
  if (!status.success) return { verdict: 'healthy' }
  const said = String(status.data.status).trim()
  const word = said.toLowerCase()
  if (word === '' || healthyWords.has(word)) return { verdict: 'healthy' }
  const shown = `it says "${said.slice(0, longestWord)}"`
  return { verdict: degradedWords.has(word) ? 'degraded' : 'unhealthy', reason: shown }
}

/** Reads an answer to `POST /run`. */
export function readRun(reply: Reply): RunAnswer {
  const failed = (message: string, fields: FieldError[] = []): RunAnswer => ({ kind: 'failed', message, fields })
  if (reply.status < 200 || reply.status > 299) return failed(refusal(reply), refusedFields(reply))
  const object = readObject(reply)
  if (typeof object === 'string') return failed(object)

  const word = object.status?.toLowerCase()
  if (word !== undefined && failureWords.has(word)) return failed(statedFailure(object))
  if (object.isJob && (word === 'async' || !(object.hasOutputs || (word !== undefined && successWords.has(word))))) {
    const { jobId } = object
    return jobId === undefined
      ? failed('The agent went on in the background, but gave no usable job id.')
      : { kind: 'accepted', jobId }
  }
  if (word === 'async') return failed('The agent went on in the background, but gave no job id.')
  if (word !== undefined && !successWords.has(word) && !object.hasOutputs) {
    return failed(`The agent answered with the status "${object.status}", which says nothing about the run.`)
  }
  return {
    kind: 'completed',
    ...readResult(object, word === undefined && !object.hasOutputs ? reply.text.trim() : object.outputs),
  }
}

/** Reads an answer to `GET /status/{job}`. */
export function readJob(reply: Reply): JobAnswer {
  if (reply.status === 404) return { kind: 'unknown-job' }
  if (reply.status < 200 || reply.status > 299) return { kind: 'unclear', reason: `it answered ${statusLine(reply)}` }
  const object = readObject(reply)
  if (typeof object === 'string') return { kind: 'unclear', reason: object }
  const word = object.status?.toLowerCase()
  if (word === undefined) return { kind: 'unclear', reason: 'its answer has no status' }
  if (failureWords.has(word)) return { kind: 'failed', message: statedFailure(object) }
  if (successWords.has(word)) return { kind: 'completed', ...readResult(object, object.outputs) }
  return { kind: 'working', word: object.status!.slice(0, longestWord) }
}

type AnswerObject = {
  value: Record<string, unknown>
  status: string | undefined
  isJob: boolean
  /** Undefined when a job id is not given, or cannot stand in a URL. */
  jobId: string | undefined
  hasOutputs: boolean
  outputs: string | null
}

/** The answer as an object, or a sentence that says why it is none. */
function readObject(reply: Reply): AnswerObject | string {
  if (isWebPage(reply)) return 'The agent answered with a web page instead of JSON. Is this address really the agent?'
  if (reply.text.trim() === '') return 'The agent answered with nothing.'
  if (!isJson(reply.text))
    return 'The agent answered with something that is not valid JSON; the answer may have been cut short.'
  const members = jsonMembers(reply.text)
  if (!members) {
    const kind = reply.text.trimStart().startsWith('[') ? 'a JSON array' : 'a bare JSON value'
    return `The agent answered with ${kind}, where an object was expected.`
  }
  const value = looseValue(reply.text) as Record<string, unknown>
  const outputs = members.get('outputs')
  return {
    value,
    status: typeof value.status === 'string' ? value.status.trim() : undefined,
    isJob: value.job_id !== undefined && value.job_id !== null,
    jobId: readJobId(members.get('job_id') ?? 'null'),
    hasOutputs: outputs !== undefined && outputs !== 'null',
    outputs: outputs === undefined || outputs === 'null' ? null : outputs,
  }
}

/** From its JSON text, as a number may have more digits than JavaScript keeps. */
function readJobId(written: string): string | undefined {
  const value = looseValue(written)
  const text = typeof value === 'number' ? written : typeof value === 'string' ? value : ''
  if (text === '' || text.length > longestJobId || /[\u0000-\u001f]/.test(text)) return undefined
  // Dot segments vanish from a URL even when they are percent-encoded; a lone surrogate cannot be encoded at all.
  return /^\.{1,2}$/.test(text) || !text.isWellFormed() ? undefined : text
}

const amount = z.number().nonnegative().finite()
const wholeAmount = amount.int()

function readResult({ value }: AnswerObject, outputs: string | null): RunResult {
  const places = [value, value.usage, value.metadata, value.outputs].filter(isRecord)
  const first = (check: z.ZodType<number>, ...names: string[]) =>
    places
      .flatMap((place) => names.map((name) => place[name]))
      .map((found) => check.safeParse(found).data)
      .find((found) => found !== undefined) ?? null
  return {
    outputs,
    totalTokens: first(wholeAmount, 'total_tokens'),
    totalCostUsd: first(amount, 'cost_usd', 'total_cost_usd'),
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function statedFailure({ value }: AnswerObject): string {
  const said = [value.error, value.message, value.detail].map(spoken).find((text) => text !== '')
  return said === undefined ? 'The agent says that the run failed, and not why.' : `The agent says: ${said}`
}

function spoken(value: unknown): string {
  const text = isRecord(value) && typeof value.message === 'string' ? value.message : value
  return typeof text === 'string' ? text.trim().slice(0, longestMessage) : ''
}

const validationDetail = z.array(
  z.object({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string() }).partial({ loc: true }),
)

function refusedFields(reply: Reply): FieldError[] {
  if (reply.status !== 422) return []
  const value = looseValue(reply.text)
  const detail = validationDetail.safeParse(isRecord(value) ? value.detail : undefined)
  if (!detail.success) return []
  return detail.data.slice(0, 100).map(({ loc = [], msg }) => ({
    field: (loc[0] === 'body' ? loc.slice(1) : loc).join('.').slice(0, 300),
    message: msg.slice(0, longestMessage),
  }))
}

function refusal(reply: Reply): string {
  const fields = refusedFields(reply)
  if (fields.length > 0) {
    const list = fields.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; ')
    return `The agent refused the inputs: ${list}`.slice(0, longestMessage)
  }
  const answered = `The agent answered ${statusLine(reply)}`
  if (isWebPage(reply)) return `${answered} with a web page.`
  const value = looseValue(reply.text)
  const said = isRecord(value)
    ? [value.detail, value.error, value.message, value.title].map(spoken).find((text) => text !== '')
    : reply.text.trim().slice(0, longestMessage)
  return said ? `${answered}: ${said}` : `${answered}.`
}

export function statusLine({ status, statusText }: Reply): string {
  return statusText ? `${status} ${statusText.slice(0, longestWord)}` : String(status)
}

export function isWebPage({ contentType, text }: Reply): boolean {
  return contentType.includes('text/html') || /^\s*<(!doctype|html|head|body)/i.test(text.slice(0, 200))
}
