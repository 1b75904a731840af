import { isJson, jsonItems, jsonMembers, looseValue } from '../../shared/json.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'

/** Without credentials. */
export function shownUrl({ origin, pathname }: URL): string {
  return origin + pathname.replace(/\/$/, '')
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was closed',
  EPIPE: 'the connection was closed',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be looked up now',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  EPROTO: 'it does not speak TLS',
  HPE_INVALID_CONSTANT: 'it does not speak HTTP',
}

/** Before anything was sent. */
const beforeSending = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']

export class NotReachableError extends CommandError {
  /** Nobody can have got the request. */
  readonly isUnsent: boolean
  readonly reason: string

  constructor(url: URL, reason: string, isUnsent = false) {
    super(
      `Cannot reach the dashboard at ${shownUrl(url)}: ${reason}. Start it with “configurable-agents ui”, or name another one with --url.`,
      exitCodes.notReachable,
    )
    this.isUnsent = isUnsent
    this.reason = reason
  }
}

export function connectionError(
  url: URL,
  error: NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] },
): NotReachableError {
  const code = error.code ?? error.errors?.[0]?.code ?? ''
  const reason = reasons[code] ?? (code.startsWith('HPE_') ? reasons.HPE_INVALID_CONSTANT! : error.message)
  return new NotReachableError(url, reason, beforeSending.includes(code))
}

/** Of an answer that no dashboard gave. */
export function strangerError(url: URL, status: number, type: string): NotReachableError | NotADashboardError {
  return status >= 500
    ? new NotReachableError(url, `a proxy before it answered ${status}`)
    : new NotADashboardError(url, status, type)
}

export class NotADashboardError extends CommandError {
  constructor(url: URL, status: number, type: string) {
    const kind = type === 'text/html' ? 'a web page' : type || 'no content'
    const login = status === 401 || status === 407
    super(
      login
        ? `${shownUrl(url)} wants a login (${status}). Write it into the URL: ${url.protocol}//name:password@${url.host}`
        : `${shownUrl(url)} is not a Configurable Agents dashboard: it answered with ${kind} (${status}). Name the dashboard with --url.`,
      exitCodes.notReachable,
    )
  }
}

/** Statuses that say that what was typed is wrong. */
const usageStatuses = [400, 404, 410, 413, 415, 422]

export class ProblemError extends CommandError {
  readonly status: number
  readonly fields: { field: string; message: string }[]

  constructor(status: number, text: string) {
    const members = isJson(text) ? jsonMembers(text) : undefined
    const fields = (jsonItems(members?.get('errors') ?? '') ?? []).map((one) => {
      const error = jsonMembers(one)
      return { field: textAt(error, 'field'), message: textAt(error, 'message') }
    })
    const detail = textAt(members, 'detail') || textAt(members, 'reason') || `The dashboard answered with ${status}.`
    super(
      sentences(detail + adviceOf(status), fields),
      usageStatuses.includes(status) ? exitCodes.usage : exitCodes.failed,
    )
    this.status = status
    this.fields = fields
  }
}

const advice: Record<number, string> = {
  401: 'Show a token with CONFIGURABLE_AGENTS_TOKEN or --token. An admin makes one in the settings of the dashboard.',
  403: 'Use a token that may do this: an admin makes one in the settings of the dashboard.',
}

const adviceOf = (status: number) => (advice[status] === undefined ? '' : `\n${advice[status]}`)

function textAt(members: Map<string, string> | undefined, name: string): string {
  return String(looseValue(members?.get(name) ?? '""') ?? '')
}

/** Each field has a line; a detail that only repeats the first one is left out. */
function sentences(detail: string, fields: ProblemError['fields']): string {
  const lines = fields.map(({ field, message }) => (message.includes(field) ? message : `${field}: ${message}`))
  return [...(fields.some(({ message }) => message === detail) ? [] : [detail]), ...lines].join('\n')
}
