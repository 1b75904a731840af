import { scanJson } from '../../shared/json/scan.ts'
import { jsonEntries, jsonObject, looseValue } from '../../shared/json.ts'
import { isMembers } from '../../shared/members.ts'
import type { Reply } from '../http/exchange.ts'
import { isBrokenJson, isWebPage } from '../http/reply-kind.ts'
import { besideError, envelope, errorNames, inReceipt, jobEnvelope, successNames } from './answer-names.ts'
import { endingOf, inSnakeCase } from './answer-words.ts'
import { startOf } from './json-start.ts'

const maxJobId = 512
const maxMembers = 10_000

export type AnswerBody = {
  value: Record<string, unknown>
  /** As the agent wrote it; in an answer about a job also `state`. */
  status: string | undefined
  /** `success`, `ok` and the like, or a `status` that is a boolean. */
  isSuccess: boolean | undefined
  isJob: boolean
  /** Undefined when there is none that fits into a URL. */
  jobId: string | undefined
  outputs: string | null
  /** The result without the envelope, or the message when that is all. */
  rest: string | null
  hasError: boolean
  isErrorAlone: boolean
  /** Beside the envelope there are at most IDs, addresses and times. */
  isReceipt: boolean
  hasResult: boolean
}

type ReadBody =
  | { kind: 'object'; body: AnswerBody }
  | { kind: 'value'; json: string }
  | { kind: 'text'; text: string }
  | { kind: 'unreadable'; reason: string }

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

/** JSON beyond the scanner's limits is kept as it is when it ends in a bracket. */
function isWhole(text: string): boolean {
  const { problem } = scanJson(text, { isPython: true })
  return problem === undefined || (problem.kind !== 'syntax' && (text.endsWith(']') || text.endsWith('}')))
}

/** Undefined when there are more than any envelope has. */
function firstMembers(text: string): Map<string, string> | undefined {
  const members = new Map(jsonEntries(text).take(maxMembers + 1))
  return members.size > maxMembers ? undefined : members
}

function bodyOf(text: string, members: Map<string, string>, about: 'run' | 'job'): AnswerBody {
  const snake = new Map([
    ...[...members].map(([name, json]): [string, string] => [inSnakeCase(name), json]),
    ...members,
  ])
  const value: Record<string, unknown> = Object.fromEntries(
    // Tokens and cost may be reported by name inside outputs.
    [...snake].map(([name, json]) => [name, name === 'outputs' ? startOf(json, 1) : startOf(json)]),
  )
  const given = snake.get('outputs') ?? 'null'
  const outputs = given === 'null' ? null : given
  const own = about === 'job' ? jobEnvelope : envelope
  const result = [...members.keys()].filter((name) => !own.has(name))
  const others = result.filter((name) => !own.has(inSnakeCase(name)) && !isNothing(members.get(name)!))
  const hasError = errorNames.some((name) => isSaid(value[name]))
  const status = wordOf(value.status) ?? (about === 'job' ? wordOf(value.state) : undefined)
  const isSuccess = [...successNames, 'status'].map((name) => truth(value[name])).find((said) => said !== undefined)
  const saysSuccess = isSuccess === true || endingOf(status ?? '') === 'completed'
  const isBad = hasError || (isHttpError(value) && !saysSuccess) || isGraphQlError(value)
  const isAside = (name: string) => besideError.has(name) || inReceipt.test(name)
  return {
    value,
    status,
    isSuccess,
    isJob: value.job_id !== undefined && value.job_id !== null,
    jobId: readJobId(snake.get('job_id') ?? 'null'),
    outputs,
    rest: restOf(text, members, result),
    hasError,
    isErrorAlone:
      isNothing(outputs ?? 'null') &&
      isBad &&
      others.every((name) => besideError.has(inSnakeCase(name)) || (name === 'data' && isGraphQlError(value))),
    isReceipt: others.every((name) => inReceipt.test(inSnakeCase(name))),
    hasResult: !isNothing(outputs ?? 'null') || others.some((name) => !isAside(inSnakeCase(name))),
  }
}

/** Byte for byte when nothing has to be cut out. */
function restOf(text: string, members: Map<string, string>, result: string[]): string | null {
  const kept = result.length === 0 && isSaid(looseValue(members.get('message') ?? 'null')) ? ['message'] : result
  if (kept.length === 0) return null
  if (kept.length === members.size) return text
  const names = new Set(kept)
  return jsonObject(jsonEntries(text).filter(([name]) => names.has(name)))
}

/** HTTP success only says that the agent answered. */
function wordOf(status: unknown): string | undefined {
  if (typeof status === 'number') return status >= 400 && status <= 599 ? String(status) : undefined
  if (typeof status !== 'string') return undefined
  const word = status.trim()
  return word === '' || /^2\d\d(?!\d)/.test(word) ? undefined : word
}

/** Without data, or with nothing but nulls in it. What an agent found may be called "errors" too. */
function isGraphQlError({ data, errors }: Record<string, unknown>): boolean {
  if (!Array.isArray(errors) || errors.length === 0) return false
  if (isMembers(data)) return Object.values(data).every((one) => one === null) && errors.every(isExplained)
  return data === null || (data === undefined && errors.every((one) => isMembers(one) && isOfGraphQl(one)))
}

const isExplained = (error: unknown): boolean => isMembers(error) && typeof error.message === 'string'

const isOfGraphQl = ({ message, locations, extensions }: Record<string, unknown>): boolean =>
  typeof message === 'string' && (Array.isArray(locations) || isMembers(extensions))

function isHttpError({ status_code, code, ...value }: Record<string, unknown>): boolean {
  const isSaidWhy = ['message', 'msg', 'detail'].some((name) => isSaid(value[name]))
  return isSaidWhy && [status_code, code].some((one) => typeof one === 'number' && one >= 400 && one <= 599)
}

export function isNothing(json: string): boolean {
  return /^\s*(?:null|\{\s*\}|\[\s*\]|"")\s*$/.test(json)
}

function truth(said: unknown): boolean | undefined {
  const word = typeof said === 'string' ? said.trim().toLowerCase() : said
  if (word === true || word === 'true') return true
  return word === false || word === 'false' ? false : undefined
}

/** Many agents always send `error`, null or empty when there is none. */
function isSaid(error: unknown): boolean {
  if (typeof error === 'string') return error.trim() !== ''
  if (typeof error === 'object' && error !== null) return Object.keys(error).length > 0
  return error === true || (typeof error === 'number' && error !== 0)
}

/** From its JSON text: a number may have more digits than JavaScript keeps. */
function readJobId(written: string): string | undefined {
  const value = looseValue(written)
  const text = typeof value === 'number' ? written : typeof value === 'string' ? value : ''
  if (text === '' || text.length > maxJobId || /[\u0000-\u001f]/.test(text)) return undefined
  // Browsers and servers drop dot segments even when they are percent-encoded.
  return /^\.{1,2}$/.test(text) || !text.isWellFormed() ? undefined : text
}
