import { dashboardHeader } from '../dashboard-header.ts'
import { AgentFailure, failureOf } from './failure.ts'
import type { IncomingAnswer, Transport } from './transport.ts'

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

/** One exchange as it is shown to people: bodies in their beginning, and no cookies. */
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

export type Reply = {
  status: number
  statusText: string
  contentType: string
  headers: Record<string, string>
  text: string
}

/** How much of a body is kept in a record. */
const recordedCharacters = 4096
const untold = new Set(['set-cookie', 'authorization', 'proxy-authenticate', 'www-authenticate'])

/**
 * One HTTP exchange with an agent, which is not trusted: one deadline for the whole of it, a limit on what is read,
 * no redirects, no compressed encodings (a bomb of 100 KB unpacks to 100 MB). Throws AgentFailure.
 */
export async function exchange(transport: Transport, call: Call): Promise<Reply> {
  const startedAt = performance.now()
  const headers = headersOf(call)
  const record = (outcome: Pick<ExchangeRecord, 'status' | 'responseHeaders' | 'responseBody' | 'failure'>) =>
    call.onRecord?.({
      method: call.method,
      url: call.url,
      durationMs: performance.now() - startedAt,
      requestHeaders: headers,
      requestBody: call.body?.slice(0, recordedCharacters) ?? null,
      ...outcome,
    })
  try {
    const reply = await send(transport, call, headers)
    const responseBody = reply.text.slice(0, recordedCharacters)
    record({ status: reply.status, responseHeaders: reply.headers, responseBody, failure: null })
    return reply
  } catch (error) {
    record({ status: null, responseHeaders: null, responseBody: null, failure: (error as AgentFailure).reason })
    throw error
  }
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

async function send(transport: Transport, call: Call, headers: Record<string, string>): Promise<Reply> {
  // AbortSignal.timeout takes whole numbers only.
  const deadline = AbortSignal.timeout(Math.ceil(call.deadlineMs))
  const signal = call.signal ? AbortSignal.any([deadline, call.signal]) : deadline
  const { method, url, body } = call
  let isSent = false
  const onSend = () => {
    isSent = true
  }
  try {
    const answer = await transport({ method, url, headers, body, signal, onSend })
    return await readReply(answer, call.maxBytes)
  } catch (error) {
    if (call.signal?.aborted) throw new AgentFailure('cancelled', 'the call was given up', !isSent)
    const failure = failureOf(error, !isSent)
    if (!deadline.aborted || failure.kind === 'name') throw failure
    const missing = isSent ? 'answer' : 'connection'
    throw new AgentFailure('timeout', `no ${missing} within ${spokenSeconds(call.deadlineMs)}`, !isSent)
  }
}

async function readReply(answer: IncomingAnswer, maxBytes: number): Promise<Reply> {
  const { status, statusText, headers } = answer
  try {
    refuseUnreadable(answer)
    return {
      status,
      statusText,
      contentType: headers['content-type']?.toLowerCase() ?? '',
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !untold.has(name))),
      text: await readText(answer.body, maxBytes),
    }
  } catch (error) {
    const failure = failureOf(error, false)
    throw failure.kind === 'reset'
      ? new AgentFailure('reset', 'the connection was closed in the middle of its answer')
      : failure
  } finally {
    answer.close()
  }
}

const redirects = new Set([301, 302, 303, 307, 308])

function refuseUnreadable({ status, headers }: IncomingAnswer): void {
  if (headers[dashboardHeader] !== undefined) {
    throw new AgentFailure('self', 'that is a dashboard like this one, not an agent')
  }
  const { location, 'content-encoding': encoding } = headers
  if (location !== undefined && redirects.has(status)) {
    throw new AgentFailure(
      'redirect',
      `it redirects to ${location.slice(0, 200)}, which is not followed`,
      false,
      location,
    )
  }
  if (encoding && encoding.toLowerCase() !== 'identity') {
    throw new AgentFailure(
      'encoded',
      `its answer is compressed (${encoding.slice(0, 40)}), though that was not asked for`,
    )
  }
}

async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new AgentFailure('too-large', `its answer is larger than ${spokenBytes(maxBytes)}`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function spokenSeconds(ms: number): string {
  const seconds = ms / 1000
  return `${Number.isInteger(seconds) ? seconds : seconds.toFixed(1)} s`
}

function spokenBytes(bytes: number): string {
  return bytes >= 1_048_576 ? `${bytes / 1_048_576} MiB` : `${bytes / 1024} KiB`
}
