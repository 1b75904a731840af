import { notAccepted } from '../../shared/text/certificate-words.ts'
import type { Certificate } from './trust.ts'

export type FailureKind =
  | 'refused'
  | 'name'
  | 'forbidden'
  | 'unreachable'
  | 'tls'
  | 'timeout'
  | 'reset'
  | 'cancelled'
  | 'too-large'
  | 'encoded'
  | 'charset'
  | 'redirect'
  | 'protocol'
  | 'interim'
  | 'self'

type Details = { location?: string; certificate?: Certificate }

/** `reason` is a phrase that fits behind a colon; `isUnsent`: not one byte went out. */
export class AgentFailure extends Error {
  readonly kind: FailureKind
  readonly reason: string
  readonly isUnsent: boolean
  readonly details: Details

  constructor(kind: FailureKind, reason: string, isUnsent = false, details: Details = {}) {
    super(reason)
    this.kind = kind
    this.reason = reason
    this.isUnsent = isUnsent
    this.details = details
  }
}

type Known = [kind: FailureKind, reason: string]

const closed: Known = ['reset', 'connection closed without a response']
/** Once the body is read, the same error means that it ended too early. */
export const unclearLength = 'its headers contradict each other about the length of its answer'
const noConnection: Known = ['timeout', 'no connection in time']

/** Before a connection is open; later the same codes mean that it was closed. */
const whileConnecting: Record<string, Known> = {
  ECONNREFUSED: ['refused', 'connection refused'],
  EHOSTUNREACH: ['unreachable', 'no route to the host'],
  ENETUNREACH: ['unreachable', 'the network is unreachable'],
  EADDRNOTAVAIL: ['unreachable', 'the address cannot be reached from here'],
  EACCES: ['unreachable', 'connecting is not permitted'],
  EPERM: ['unreachable', 'connecting is not permitted'],
  UND_ERR_CONNECT_TIMEOUT: noConnection,
  ETIMEDOUT: noConnection,
}

const atAnyTime: Record<string, Known> = {
  ECONNRESET: closed,
  EPIPE: closed,
  UND_ERR_SOCKET: closed,
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: ['protocol', 'the request could not be sent'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['protocol', unclearLength],
  UND_ERR_HEADERS_OVERFLOW: ['protocol', 'the headers of the answer are too large'],
}

/** undici closes the connection at an interim answer, except 102 and 103. */
const interim: Record<string, string> = {
  'bad response': 'it sent an unrequested 100 Continue, so its answer could not be read',
  'bad upgrade': 'it sent an unrequested 101 Switching Protocols',
}

export function failureOf(error: unknown, isUnsent: boolean): AgentFailure {
  if (error instanceof AgentFailure) return error
  const failure = ([kind, reason]: Known) => new AgentFailure(kind, reason, isUnsent)
  for (const cause of causes(error)) {
    const { code, name, message } = cause as { code?: unknown; name?: unknown; message?: unknown }
    if (name === 'HTTPParserError') return failure(['protocol', 'it does not speak HTTP'])
    if (typeof code !== 'string') continue
    const unasked = code === 'UND_ERR_SOCKET' && interim[String(message)]
    if (unasked) return failure(['interim', unasked])
    const hindered = whileConnecting[code]
    if (hindered) return failure(isUnsent ? hindered : closed)
    const known = atAnyTime[code]
    if (known) return failure(known)
    if (/^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS)/.test(code)) {
      return failure(['tls', `${notAccepted} (${code.toLowerCase().replaceAll('_', ' ')})`])
    }
    if (code.startsWith('ERR_SSL') || code === 'EPROTO') return failure(['tls', 'it does not speak TLS (try http://)'])
  }
  return failure(['protocol', error instanceof Error && error.message ? error.message : 'the call failed'])
}

function* causes(error: unknown): Generator<object> {
  let current = error
  for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth++) {
    yield current
    if (current instanceof AggregateError) yield* current.errors.filter((one) => typeof one === 'object')
    current = (current as { cause?: unknown }).cause
  }
}
