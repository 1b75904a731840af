import { AgentFailure, failureOf } from './failure.ts'
import { createTargetMask, type TargetMask } from './header-redaction.ts'
import { type Reply, readReply } from './read-reply.ts'
import { type OnRecord, startRecord } from './record.ts'
import { slashRedirect } from './slash-redirect.ts'
import type { Target } from './target.ts'
import type { Transport } from './transport.ts'

export type { Reply } from './read-reply.ts'

export type Call = {
  method: 'GET' | 'POST'
  target: Target
  body?: string
  headers?: Record<string, string>
  deadlineMs: number
  maxBytes: number
  /** Ends the call early, with a failure of the kind `cancelled`. */
  signal?: AbortSignal | undefined
  onRecord?: OnRecord | undefined
}

/** One exchange with an agent, which is not trusted: one deadline, a limit on the body, no compression (100 KB can be
 * 100 MB), and no redirect but one that only adds or drops a slash. Throws AgentFailure. */
export async function exchange(transport: Transport, call: Call): Promise<Reply> {
  // AbortSignal.timeout takes whole numbers only.
  const deadline = AbortSignal.timeout(Math.ceil(call.deadlineMs))
  const first = await recorded(transport, call, deadline, true)
  if (!('movedTo' in first)) return first
  const target = { ...call.target, url: first.movedTo }
  return recorded(transport, { ...call, target }, deadline, false)
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
  const headers = headersOf(call)
  const record = startRecord(call, headers)
  const mask = createTargetMask(call.target)
  try {
    const sent = { ...lowerCase(call.target.headers), ...headers }
    const answer = await send(transport, call, sent, mask, deadline, mayMove)
    if ('movedTo' in answer) return answer
    const reply = { ...answer, text: mask.body(answer.text) }
    record.reply(reply)
    return reply
  } catch (error) {
    const { kind, reason, isUnsent, details } = error as AgentFailure
    const failure = new AgentFailure(kind, mask.text(reason), isUnsent, details)
    record.failure(failure)
    throw failure
  }
}

function headersOf({ body, headers }: Call): Record<string, string> {
  return {
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'configurable-agents-dashboard',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...lowerCase(headers ?? {}),
  }
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

async function send(
  transport: Transport,
  call: Call,
  headers: Record<string, string>,
  mask: TargetMask,
  deadline: AbortSignal,
  mayMove: boolean,
): Promise<Reply | Moved> {
  const { method, body } = call
  const { url, trust } = call.target
  const signal = call.signal ? AbortSignal.any([deadline, call.signal]) : deadline
  let isSent = false
  const onSend = () => {
    isSent = true
  }
  try {
    const answer = await transport({ method, url, headers, body, trust, signal, onSend })
    const movedTo = mayMove ? slashRedirect({ method, url }, answer) : undefined
    if (movedTo === undefined) {
      // Before anything of them is cut off.
      const said = { statusText: mask.text(answer.statusText), headers: mask.headers(answer.headers) }
      return await readReply({ ...answer, ...said }, call.maxBytes)
    }
    answer.close()
    return { movedTo }
  } catch (error) {
    if (call.signal?.aborted) throw new AgentFailure('cancelled', 'request aborted', !isSent)
    const failure = failureOf(error, !isSent)
    if (!deadline.aborted || failure.kind === 'name') throw failure
    const missing = isSent ? 'answer' : 'connection'
    throw new AgentFailure('timeout', `no ${missing} within ${formatSeconds(call.deadlineMs)}`, !isSent)
  }
}

function formatSeconds(ms: number): string {
  const seconds = ms / 1000
  return `${Number.isInteger(seconds) ? seconds : seconds.toFixed(1)} s`
}
