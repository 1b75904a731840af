import { jsonEntries, jsonObject, looseValue } from '../../shared/json.ts'
import { scanJson } from '../../shared/json-scan.ts'
import type { Reply } from '../http/exchange.ts'
import { isBrokenJson, isWebPage } from '../http/reply-kind.ts'
import { beginningOf } from './json-beginning.ts'

/** What the protocol itself says in an answer. Everything beside it is the work's result. */
const envelope = new Set([
  ...['status', 'success', 'ok', 'execution_time_ms', 'job_id', 'message', 'error', 'outputs'],
  ...['usage', 'metadata', 'total_tokens', 'cost_usd', 'total_cost_usd', 'timestamp'],
])
const jobEnvelope = new Set([
  ...envelope,
  ...['state', 'created_at', 'started_at', 'updated_at', 'completed_at', 'finished_at'],
])
/** What stands beside an error and tells more of it. */
const besideError = new Set([
  ...[
    'detail',
    'details',
    'errors',
    'error_description',
    'error_code',
    'error_type',
    'code',
    'type',
    'title',
    'reason',
  ],
  ...['statusCode', 'status_code', 'path', 'instance', 'hint', 'traceback', 'trace', 'stack', 'request_id', 'trace_id'],
  ...['id', 'jsonrpc', 'run_id', 'agent', 'workflow', 'version', 'duration', 'duration_ms'],
])
const maxJobId = 512
const maxMembers = 10_000

/** The members of an answer, and what its envelope says. */
export type AnswerBody = {
  /** Of large members only their beginnings. */
  value: Record<string, unknown>
  /** The status word as it was written, a `state` in an answer about a job too. */
  status: string | undefined
  /** What `success` or `ok` says, or a `status` that is true or false. */
  isSuccess: boolean | undefined
  isJob: boolean
  /** Undefined when a job id is not given, or cannot stand in a URL. */
  jobId: string | undefined
  /** `outputs` as the agent wrote it; null without one. */
  outputs: string | null
  /** Everything beside the envelope as a JSON object, or its message where that is all; null when nothing is. */
  rest: string | null
  hasError: boolean
  /** An error, and nothing that could be a result. */
  isErrorAlone: boolean
}

/** An answer as an object, as another JSON value or as text, or a phrase that says why it is nothing to be read. */
export type ReadBody =
  | { kind: 'object'; body: AnswerBody }
  | { kind: 'value'; json: string }
  | { kind: 'text'; text: string }
  | { kind: 'unreadable'; reason: string }

/** Reads the body of an answer about a run, or about the job of one. */
export function readBody(reply: Reply, about: 'run' | 'job'): ReadBody {
  const text = reply.text.trim()
  if (isWebPage(reply)) {
    return { kind: 'unreadable', reason: 'with a web page instead of JSON. Is this address really the agent?' }
  }
  if (text === '') return { kind: 'unreadable', reason: 'with nothing.' }
  if (!isWhole(text)) {
    return isBrokenJson(reply)
      ? { kind: 'unreadable', reason: 'with something that is not valid JSON; the answer may have been cut short.' }
      : { kind: 'text', text: reply.text }
  }
  const members = text.startsWith('{') ? firstMembers(text) : undefined
  return members ? { kind: 'object', body: bodyOf(text, members, about) } : { kind: 'value', json: text }
}

/**
 * Whether a text is JSON, or has more in it than is looked into and a bracket at its end: then it is kept as it is, and
 * what its envelope says counts all the same.
 */
function isWhole(text: string): boolean {
  const { problem } = scanJson(text, { isPython: true })
  return problem === undefined || (problem.kind !== 'mistake' && (text.endsWith(']') || text.endsWith('}')))
}

/** The members of an object; undefined of more than any envelope has. */
function firstMembers(text: string): Map<string, string> | undefined {
  const members = new Map(jsonEntries(text).take(maxMembers + 1))
  return members.size > maxMembers ? undefined : members
}

function bodyOf(text: string, members: Map<string, string>, about: 'run' | 'job'): AnswerBody {
  const value: Record<string, unknown> = Object.fromEntries(
    // Of outputs only the names are of interest under which an agent may report tokens and cost.
    [...members].map(([name, json]) => [name, name === 'outputs' ? beginningOf(json, 1) : beginningOf(json)]),
  )
  const given = members.get('outputs') ?? 'null'
  const outputs = given === 'null' ? null : given
  const own = about === 'job' ? jobEnvelope : envelope
  const result = [...members.keys()].filter((name) => !own.has(name))
  return {
    value,
    status: wordOf(value.status) ?? (about === 'job' ? wordOf(value.state) : undefined),
    isSuccess: [value.success, value.ok, value.status].map(truth).find((said) => said !== undefined),
    isJob: value.job_id !== undefined && value.job_id !== null,
    jobId: readJobId(members.get('job_id') ?? 'null'),
    outputs,
    rest: restOf(text, members, result),
    hasError: isSaid(value.error),
    isErrorAlone:
      isNothing(outputs ?? 'null') &&
      (isSaid(value.error) || isGraphQlError(value)) &&
      result.every((name) => besideError.has(name) || isNothing(members.get(name)!)),
  }
}

/** To the byte as it was written, where nothing has to be cut out. */
function restOf(text: string, members: Map<string, string>, result: string[]): string | null {
  const kept = result.length === 0 && isSaid(looseValue(members.get('message') ?? 'null')) ? ['message'] : result
  if (kept.length === 0) return null
  if (kept.length === members.size) return text
  const names = new Set(kept)
  return jsonObject(jsonEntries(text).filter(([name]) => names.has(name)))
}

/** A number counts where it is an HTTP error; HTTP success says no more than that the agent answered. */
function wordOf(status: unknown): string | undefined {
  if (typeof status === 'number') return status >= 400 && status <= 599 ? String(status) : undefined
  if (typeof status !== 'string') return undefined
  const word = status.trim()
  return word === '' || /^2\d\d(?!\d)/.test(word) ? undefined : word
}

function isGraphQlError({ data, errors }: Record<string, unknown>): boolean {
  return data === null && Array.isArray(errors) && errors.length > 0
}

/** Whether JSON text holds nothing: null, or nothing between its brackets or quotes. */
export function isNothing(json: string): boolean {
  return /^\s*(?:null|\{\s*\}|\[\s*\]|"")\s*$/.test(json)
}

function truth(said: unknown): boolean | undefined {
  const word = typeof said === 'string' ? said.trim().toLowerCase() : said
  if (word === true || word === 'true') return true
  return word === false || word === 'false' ? false : undefined
}

/** Whether an error is one: many agents always write the name, with null or nothing in it. */
function isSaid(error: unknown): boolean {
  if (typeof error === 'string') return error.trim() !== ''
  if (typeof error === 'object' && error !== null) return Object.keys(error).length > 0
  return error === true || (typeof error === 'number' && error !== 0)
}

/** From its JSON text, as a number may have more digits than JavaScript keeps. */
function readJobId(written: string): string | undefined {
  const value = looseValue(written)
  const text = typeof value === 'number' ? written : typeof value === 'string' ? value : ''
  if (text === '' || text.length > maxJobId || /[\u0000-\u001f]/.test(text)) return undefined
  // Dot segments vanish from a URL even when they are percent-encoded; a lone surrogate cannot be encoded at all.
  return /^\.{1,2}$/.test(text) || !text.isWellFormed() ? undefined : text
}
