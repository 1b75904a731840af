import { AgentFailure, failureOf } from './failure.ts'
import { redactedHeaders } from './header-redaction.ts'
import { type Reply, readReply } from './read-reply.ts'
import { slashRedirect } from './slash-redirect.ts'
import type { Transport } from './transport.ts'

export type { Reply } from './read-reply.ts'

export type Call = {
  method: 'GET' | 'POST'
  url: string
  /** JSON text; sent as application/json. */
  body?: string
  headers?: Record<string, string>
  /** From the first byte sent to the last byte read. */
  deadlineMs: number
  maxBytes: number
  /** Ends the call early; what is thrown then has the kind "cancelled". */
  signal?: AbortSignal
  /** Is told what was sent and what came back, also when that was no answer. */
  onRecord?: ((record: ExchangeRecord) => void) | undefined
}

/** One exchange as it is kept and shown: bodies in their beginning, and headers without credentials. */
export type ExchangeRecord = {
  method: string
  url: string
  durationMs: number
  requestHeaders: Record<string, string>
  requestBody: string | null
  status: number | null
  responseHeaders: Record<string, string> | null
  responseBody: string | null
  failure: string | null
}

/** How much of a body is kept in a record. */
const recordedCharacters = 4096

/**
 * One HTTP exchange with an agent, which is not trusted: one deadline for the whole of it, a limit on what is read, no
 * compressed encodings (a bomb of 100 KB unpacks to 100 MB), and no redirect but one to the same URL with or without the
 * slash at its end. Throws AgentFailure.
 */
export async function exchange(transport: Transport, call: Call): Promise<Reply> {
  // AbortSignal.timeout takes whole numbers only.
  const deadline = AbortSignal.timeout(Math.ceil(call.deadlineMs))
  const first = await recorded(transport, call, deadline, true)
  return 'movedTo' in first ? recorded(transport, { ...call, url: first.movedTo }, deadline, false) : first
}

type Moved = { movedTo: string }

async function recorded(transport: Transport, call: Call, deadline: AbortSignal, mayMove: false): Promise<Reply>
async function recorded(
  transport: Transport,
  call: Call,
  deadline: AbortSignal,
  mayMove: boolean,
): Promise<Reply | Moved>
async function recorded(transport: Transport, call: Call, deadline: AbortSignal, mayMove: boolean) {
  const startedAt = performance.now()
  const headers = headersOf(call)
  const record = (outcome: Pick<ExchangeRecord, 'status' | 'responseHeaders' | 'responseBody' | 'failure'>) =>
    call.onRecord?.({
      method: call.method,
      url: call.url,
      durationMs: performance.now() - startedAt,
      requestHeaders: redactedHeaders(headers),
      requestBody: call.body === undefined ? null : beginningOf(call.body),
      ...outcome,
    })
  try {
    const reply = await send(transport, { ...call, headers }, deadline, mayMove)
    if ('movedTo' in reply) return reply
    const responseHeaders = redactedHeaders(reply.headers)
    const responseBody = beginningOf(reply.text)
    record({ status: reply.status, responseHeaders, responseBody, failure: null })
    return reply
  } catch (error) {
    record({ status: null, responseHeaders: null, responseBody: null, failure: (error as AgentFailure).reason })
    throw error
  }
}

/** A copy: as a part of the text it would keep all of that in memory, for as long as the record is kept. */
function beginningOf(text: string): string {
  return Buffer.from(text.slice(0, recordedCharacters), 'utf16le').toString('utf16le')
}

function headersOf({ body, headers }: Call): Record<string, string> {
  return {
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'configurable-agents-dashboard',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  }
}

async function send(
  transport: Transport,
  call: Call & { headers: Record<string, string> },
  deadline: AbortSignal,
  mayMove: boolean,
): Promise<Reply | Moved> {
  const { method, url, headers, body } = call
  const signal = call.signal ? AbortSignal.any([deadline, call.signal]) : deadline
  let isSent = false
  const onSend = () => {
    isSent = true
  }
  try {
    const answer = await transport({ method, url, headers, body, signal, onSend })
    const movedTo = mayMove ? slashRedirect(call, answer) : undefined
    if (movedTo === undefined) return await readReply(answer, call.maxBytes)
    answer.close()
    return { movedTo }
  } catch (error) {
    if (call.signal?.aborted) throw new AgentFailure('cancelled', 'request aborted', !isSent)
    const failure = failureOf(error, !isSent)
    if (!deadline.aborted || failure.kind === 'name') throw failure
    const missing = isSent ? 'answer' : 'connection'
    throw new AgentFailure('timeout', `no ${missing} within ${spokenSeconds(call.deadlineMs)}`, !isSent)
  }
}

function spokenSeconds(ms: number): string {
  const seconds = ms / 1000
  return `${Number.isInteger(seconds) ? seconds : seconds.toFixed(1)} s`
}
