import type { AgentFailure } from './failure.ts'
import { redactedHeaders, redactedTarget } from './header-redaction.ts'
import type { Reply } from './read-reply.ts'
import type { Target } from './target.ts'
import type { Certificate } from './trust.ts'

/** One exchange as it is stored and shown: the start of each body, and headers without credentials. */
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
  /** That was refused. */
  certificate?: Certificate
}

export type OnRecord = (record: ExchangeRecord) => void

const maxRecordedCharacters = 4096

type RecordedCall = { method: string; target: Target; body?: string; onRecord?: OnRecord | undefined }

export function startRecord({ method, target, body, onRecord }: RecordedCall, headers: Record<string, string>) {
  const startedAt = performance.now()

  const complete = (
    outcome: Pick<ExchangeRecord, 'status' | 'responseHeaders' | 'responseBody' | 'failure' | 'certificate'>,
  ) =>
    onRecord?.({
      method,
      url: target.url,
      durationMs: performance.now() - startedAt,
      requestHeaders: { ...redactedTarget(target).headers, ...redactedHeaders(headers) },
      requestBody: body === undefined ? null : startOf(body),
      ...outcome,
    })

  return {
    reply: ({ status, headers, text }: Reply) =>
      complete({
        status,
        responseHeaders: redactedHeaders(headers),
        responseBody: startOf(text),
        failure: null,
      }),

    failure: ({ reason, details: { certificate } }: AgentFailure) =>
      complete({
        status: null,
        responseHeaders: null,
        responseBody: null,
        failure: certificate ? `${reason}; its SHA-256 is ${certificate.fingerprint}` : reason,
        ...(certificate && { certificate }),
      }),
  }
}

/** A copy: a slice would keep the whole text in memory. */
function startOf(text: string): string {
  return Buffer.from(text.slice(0, maxRecordedCharacters), 'utf16le').toString('utf16le')
}
