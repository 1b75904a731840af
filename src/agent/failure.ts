/** Why a call to an agent gave no usable answer. */
export type FailureKind =
  | 'refused'
  | 'name'
  | 'unreachable'
  | 'tls'
  | 'timeout'
  | 'reset'
  | 'cancelled'
  | 'too-large'
  | 'encoded'
  | 'redirect'
  | 'protocol'
  | 'self'

/**
 * A call to an agent that ended without an answer that can be read. `reason` is a phrase that fits behind a colon;
 * `isUnsent` says that the connection never stood, so not one byte of the request can have reached the agent;
 * `location` is where a redirect would lead.
 */
export class AgentFailure extends Error {
  readonly kind: FailureKind
  readonly reason: string
  readonly isUnsent: boolean
  readonly location: string | undefined

  constructor(kind: FailureKind, reason: string, isUnsent = false, location?: string) {
    super(reason)
    this.kind = kind
    this.reason = reason
    this.isUnsent = isUnsent
    this.location = location
  }
}

type Known = { kind: FailureKind; reason: string; isUnsent: boolean }

const unsent = (kind: FailureKind, reason: string): Known => ({ kind, reason, isUnsent: true })
const perhapsSent = (kind: FailureKind, reason: string): Known => ({ kind, reason, isUnsent: false })

const closed = perhapsSent('reset', 'the connection was closed before an answer came')

const byCode: Record<string, Known> = {
  ECONNREFUSED: unsent('refused', 'connection refused'),
  ENOTFOUND: unsent('name', 'no such host name'),
  EAI_AGAIN: unsent('name', 'the host name could not be looked up'),
  EHOSTUNREACH: unsent('unreachable', 'no route to the host'),
  ENETUNREACH: unsent('unreachable', 'the network is unreachable'),
  EADDRNOTAVAIL: unsent('unreachable', 'the address cannot be reached from here'),
  EACCES: unsent('unreachable', 'connecting is not permitted'),
  EPERM: unsent('unreachable', 'connecting is not permitted'),
  UND_ERR_CONNECT_TIMEOUT: unsent('timeout', 'no connection in time'),
  ETIMEDOUT: unsent('timeout', 'no connection in time'),
  ECONNRESET: closed,
  EPIPE: closed,
  UND_ERR_SOCKET: closed,
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: perhapsSent('protocol', 'the request could not be sent'),
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: perhapsSent('protocol', 'the answer was cut short'),
  UND_ERR_HEADERS_OVERFLOW: perhapsSent('protocol', 'the headers of the answer are too large'),
}

/** The failure behind what `fetch` threw. */
export function failureOf(error: unknown): AgentFailure {
  if (error instanceof AgentFailure) return error
  for (const cause of causes(error)) {
    const { code, syscall, name } = cause as { code?: unknown; syscall?: unknown; name?: unknown }
    // undici's parser gives its errors a code for some mistakes only.
    if (name === 'HTTPParserError') return new AgentFailure('protocol', 'it does not speak HTTP')
    if (typeof code !== 'string') continue
    // "Timed out" and "no route" can also end a connection that stood.
    const known = syscall === 'read' || syscall === 'write' ? closed : byCode[code]
    if (known) return new AgentFailure(known.kind, known.reason, known.isUnsent)
    if (/^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS)/.test(code)) {
      return new AgentFailure(
        'tls',
        `its TLS certificate is not accepted (${code.toLowerCase().replaceAll('_', ' ')})`,
        true,
      )
    }
    if (code.startsWith('ERR_SSL') || code === 'EPROTO')
      return new AgentFailure('tls', 'it does not speak TLS (try http://)', true)
  }
  return new AgentFailure('protocol', error instanceof Error && error.message ? error.message : 'the call failed')
}

/** The chain of causes; of several connection attempts (IPv6 and IPv4) each one's error too. */
function* causes(error: unknown): Generator<object> {
  let current = error
  for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth++) {
    yield current
    if (current instanceof AggregateError) yield* current.errors.filter((one) => typeof one === 'object')
    current = (current as { cause?: unknown }).cause
  }
}
