import type { FieldError } from '../../shared/errors.ts'
import { isMembers } from '../../shared/members.ts'
import { listSentences } from '../../shared/text/sentences.ts'
import { jsonStart } from './json-start.ts'
import { detailsOf, jsonIn, listNames, maxDetails, ownPath, shortened } from './reason-details.ts'
import { classValidatorSentence, type Located } from './reason-path.ts'
import { repeatsStatus } from './status-phrase.ts'

export type Reason = {
  /** In one line; empty when the agent gave none. */
  text: string
  /** By dotted name: `messages.4.content`. Empty when no input is named. */
  fields: FieldError[]
}

const maxText = 2000
const maxField = 300
const maxHeadlines = 20

const headlineNames = [
  ...['title', 'error', 'errorMessage', 'message', 'msg', 'reason', 'error_description', 'description', 'detail'],
  ...['details', 'cause', 'errors', 'error_message', 'errmsg', 'errMsg', 'err', 'fault', 'faultstring'],
  ...['Message', 'ErrorMessage', 'ExceptionMessage', 'Error'],
  'exception',
]
/** Some list their sentences here. Elsewhere such a member may be an input. */
const headlineLists = ['error', 'message', 'msg', 'reason', 'cause']
/** Part of the envelope or the framework, and no reason. */
const machinery = new Set([
  ...['status', 'statusCode', 'status_code', 'success', 'ok', 'timestamp', 'path', 'type', 'instance', 'method', 'url'],
  ...['traceId', 'trace_id', 'requestId', 'request_id', 'name', 'job_id', 'state'],
  ...['created_at', 'completed_at', 'execution_time_ms', 'outputs', 'usage', 'metadata', 'total_tokens'],
  ...['cost_usd', 'total_cost_usd', 'documentation_url'],
  ...['__type', 'errcode', 'ExceptionType'],
])
const traces = new Set(['trace', 'traceback', 'stack', 'stacktrace', 'StackTrace', 'traces'])
/** Names the input of a single error. A `path` there is the request's. */
const singleNames = ['loc', 'field', 'pointer', 'param', 'property', 'attr']
const maxDepth = 4

export function readReason({ status, statusText, text }: { status: number; statusText: string; text: string }): Reason {
  const value = jsonStart(text)
  const isPhrase = (said: string) => repeatsStatus(said, status, statusText)
  if (value === undefined || typeof value === 'string') {
    const said = (value ?? text).trim()
    return { text: isPhrase(said) ? '' : said.slice(0, maxText), fields: [] }
  }
  return reasonOf(value, isPhrase)
}

/** Reads it from an answer that is not only about an error. */
export function reasonIn(
  value: unknown,
  { status, statusText }: { status: number; statusText: string } = { status: statusIn(value), statusText: '' },
): Reason {
  return reasonOf(value, (said) => repeatsStatus(said, status, statusText), false)
}

function statusIn(value: unknown): number {
  return isMembers(value) ? Number(value.status ?? value.statusCode ?? value.code) : 0
}

function reasonOf(value: unknown, isPhrase: (said: string) => boolean, isAll = true): Reason {
  const { headlines, details } = isMembers(value)
    ? partsOf(value, 0, isAll)
    : { headlines: [], details: detailsOf(value) }
  const located = distinct(details.slice(0, maxDetails)).filter(({ message }) => !isPhrase(message))
  const headline = headlineOf(headlines, located, isPhrase)
  const lines = located.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
  const fields = located.map(({ path, message }) => ({
    field: path.join('.').slice(0, maxField),
    message: message.slice(0, maxText),
  }))
  return {
    text: listSentences([headline, ...lines].filter((line) => line !== '')).slice(0, maxText),
    fields: fields.some(({ field }) => field !== '') ? fields : [],
  }
}

type Parts = { headlines: string[]; details: Located[] }

function partsOf(members: Record<string, unknown>, depth: number, isAll = true): Parts {
  const headlines: string[] = []
  const details: Located[] = []
  const taken = new Set<string>()
  for (const name of headlineNames) {
    const said = inLanguage(members[name])
    if (
      typeof said === 'string' &&
      said.trim() !== '' &&
      !(name === 'exception' && headlines.length > 0 && isClassName(said))
    ) {
      const inner = jsonIn(said)
      if (inner === undefined) headlines.push(shortened(said))
      else details.push(...detailsOf(inner))
      taken.add(name)
    } else if (isMembers(said) && depth < maxDepth && !listNames.slice(1).includes(name)) {
      const inner = partsOf(said, depth + 1)
      headlines.push(...inner.headlines.slice(0, maxHeadlines))
      details.push(...inner.details.slice(0, maxDetails))
      taken.add(name)
    }
  }
  if (isNestMessage(members)) {
    details.push(...textsIn(members.message).map(classValidatorSentence))
    taken.add('message')
  }
  if (isRpcError(members)) details.push(...detailsOf(members.data))
  for (const name of isAll ? [...listNames, 'error', 'exception'] : [...listNames, ...headlineLists]) {
    if (!taken.has(name) && typeof members[name] === 'object' && members[name] !== null) {
      details.push(...detailsOf(members[name]))
      taken.add(name)
    }
  }
  const path = ownPath(members, members.name === 'ValidationError' ? [...singleNames, 'path'] : singleNames)
  const isNews = (one: Located) => one.path.length > 0 || one.message !== headlines[0]
  if (headlines.length === 1 && path.length > 0) {
    return { headlines: [], details: [{ path, message: headlines[0]! }, ...details.filter(isNews)] }
  }
  if (headlines.length > 0 || details.length > 0 || !isAll) return locatedHeadlines(headlines, details)
  const rest = Object.entries(members).filter(
    ([name, value]) => !traces.has(name) && (!machinery.has(name) || Array.isArray(value)),
  )
  return { headlines, details: detailsOf(Object.fromEntries(rest.map(([name, value]) => [name, readable(value)]))) }
}

function inLanguage(said: unknown): unknown {
  return isMembers(said) && 'lang' in said && typeof said.value === 'string' ? said.value : said
}

const isClassName = (said: string): boolean => /^[\w.$\\:]+$/.test(said)

function isRpcError({ code, message, data }: Record<string, unknown>): boolean {
  return typeof code === 'number' && typeof message === 'string' && typeof data === 'object' && data !== null
}

/** All members are listed: `{"code": 7}` has nothing better. */
function readable(value: unknown): unknown {
  return typeof value === 'number' || value === true ? String(value) : value
}

/** NestJS lists sentences. Without its other members, this is an input called "message". */
function isNestMessage(members: Record<string, unknown>): members is { message: unknown[] } {
  return Array.isArray(members.message) && ('error' in members || 'statusCode' in members || 'status' in members)
}

const textsIn = (list: unknown[]): string[] => list.slice(0, maxDetails).filter((one) => typeof one === 'string')

/** Fastify writes the path into its sentence. */
function locatedHeadlines(headlines: string[], details: Located[]): Parts {
  const read = headlines.map((line) => ({ line, details: detailsOf(line) }))
  const hasPath = (one: (typeof read)[number]) => one.details.some(({ path }) => path.length > 0)
  return {
    headlines: read.filter((one) => !hasPath(one)).map(({ line }) => line),
    details: [...details, ...read.filter(hasPath).flatMap((one) => one.details)],
  }
}

function distinct(details: Located[]): Located[] {
  const known = new Set<string>()
  return details.filter(({ path, message }) => {
    const key = JSON.stringify([path, message])
    return known.has(key) ? false : known.add(key)
  })
}

const saysNoMore = /\b(validation|invalid|not valid|(bad|your) request|errors? (occurred|count))\b/i

/** What the headlines add. Beside named inputs, "Validation failed" adds nothing. */
function headlineOf(headlines: string[], details: Located[], isPhrase: (said: string) => boolean): string {
  const messages = details.map(({ message }) => message)
  const hasPaths = details.some(({ path }) => path.length > 0)
  const news = headlines.slice(0, maxHeadlines).filter((line, index) => {
    if (isPhrase(line) || (hasPaths && saysNoMore.test(line))) return false
    if (messages.some((message) => message.includes(line) || (message.length > 9 && line.includes(message))))
      return false
    return !headlines.some((other, at) => at !== index && other.includes(line) && (other !== line || at < index))
  })
  return news
    .map((line, index) => (index < news.length - 1 ? line.replace(/[.:;\s]+$/, '') : line))
    .join(': ')
    .slice(0, maxText)
}
