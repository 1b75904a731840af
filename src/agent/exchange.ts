import { dashboardHeader } from '../dashboard-header.ts'
import { AgentFailure, failureOf } from './failure.ts'

export type Fetch = typeof globalThis.fetch

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
}

export type Reply = { status: number; statusText: string; contentType: string; text: string }

/**
 * One HTTP exchange with an agent, which is not trusted: one deadline for the whole of it, a limit on what is read,
 * no redirects, no compressed encodings (a bomb of 100 KB unpacks to 100 MB). Throws AgentFailure.
 */
export async function exchange(fetch: Fetch, call: Call): Promise<Reply> {
  // AbortSignal.timeout takes whole numbers only.
  const deadline = AbortSignal.timeout(Math.ceil(call.deadlineMs))
  const signal = call.signal ? AbortSignal.any([deadline, call.signal]) : deadline
  try {
    const response = await fetch(call.url, {
      method: call.method,
      redirect: 'manual',
      signal,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': 'configurable-agents-dashboard',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...call.headers,
      },
      ...(call.body === undefined ? {} : { body: call.body }),
    })
    return await readReply(response, call.maxBytes)
  } catch (error) {
    if (call.signal?.aborted) throw new AgentFailure('cancelled', 'the call was given up')
    if (deadline.aborted) throw new AgentFailure('timeout', `no answer within ${spokenSeconds(call.deadlineMs)}`)
    throw failureOf(error)
  }
}

async function readReply(response: Response, maxBytes: number): Promise<Reply> {
  try {
    refuseUnreadable(response)
    return {
      status: response.status,
      statusText: response.statusText,
      contentType: response.headers.get('content-type')?.toLowerCase() ?? '',
      text: await readText(response, maxBytes),
    }
  } catch (error) {
    const failure = failureOf(error)
    throw failure.kind === 'reset'
      ? new AgentFailure('reset', 'the connection was closed in the middle of its answer')
      : failure
  } finally {
    // Whatever was not read must not keep the connection open.
    if (!response.bodyUsed) await response.body?.cancel().catch(() => undefined)
  }
}

function refuseUnreadable(response: Response): void {
  if (response.headers.has(dashboardHeader)) {
    throw new AgentFailure('self', 'that is a dashboard like this one, not an agent')
  }
  if (response.status >= 300 && response.status < 400) {
    const target = response.headers.get('location')?.slice(0, 200)
    throw new AgentFailure('redirect', `it redirects${target ? ` to ${target}` : ''}, which is not followed`)
  }
  const encoding = response.headers.get('content-encoding')
  if (encoding && encoding.toLowerCase() !== 'identity') {
    throw new AgentFailure(
      'encoded',
      `its answer is compressed (${encoding.slice(0, 40)}), though that was not asked for`,
    )
  }
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  if (!response.body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
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
