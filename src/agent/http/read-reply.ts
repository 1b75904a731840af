import { dashboardHeader } from '../../shared/dashboard-header.ts'
import { decodeText } from './charset.ts'
import { AgentFailure, failureOf, unclearLength } from './failure.ts'
import { withoutUrlCredentials } from './header-redaction.ts'
import type { IncomingAnswer } from './transport.ts'

export type Reply = {
  status: number
  statusText: string
  contentType: string
  headers: Record<string, string>
  text: string
}

const redirects = new Set([301, 302, 303, 307, 308])

/** Closes the connection in any case. Throws AgentFailure. */
export async function readReply(answer: IncomingAnswer, maxBytes: number): Promise<Reply> {
  const { status, statusText, headers } = answer
  const contentType = headers['content-type'] ?? ''
  try {
    refuseUnreadable(answer)
    const text = textOf(await readBytes(answer.body, maxBytes), contentType, status)
    return { status, statusText, contentType: contentType.toLowerCase(), headers, text }
  } catch (error) {
    const failure = failureOf(error, false)
    throw failure.kind === 'reset' || failure.reason === unclearLength
      ? new AgentFailure('reset', 'the connection was closed in the middle of its answer')
      : failure
  } finally {
    answer.close()
  }
}

function refuseUnreadable({ status, headers }: IncomingAnswer): void {
  if (headers[dashboardHeader] !== undefined) {
    throw new AgentFailure('self', 'that is a dashboard like this one, not an agent')
  }
  const { location, 'content-encoding': encoding } = headers
  if (location !== undefined && redirects.has(status)) {
    const reason = `it redirects to ${withoutUrlCredentials(location).slice(0, 200)}, which is not followed`
    throw new AgentFailure('redirect', reason, false, { location })
  }
  if (encoding && encoding.toLowerCase() !== 'identity') {
    const reason = `its answer is compressed (${encoding.slice(0, 40)}), though that was not asked for`
    throw new AgentFailure('encoded', reason)
  }
}

async function readBytes(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new AgentFailure('too-large', `its answer is larger than ${formatBytes(maxBytes)}`)
    chunks.push(chunk)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

/** The status of an error is enough: a text that cannot be decoded is replaced by the reason. */
function textOf(bytes: Uint8Array, contentType: string, status: number): string {
  try {
    return decodeText(bytes, contentType)
  } catch (error) {
    if (status >= 200 && status <= 299) throw error
    return `[${(error as AgentFailure).reason}]`
  }
}

function formatBytes(bytes: number): string {
  return bytes >= 1_048_576 ? `${bytes / 1_048_576} MiB` : `${bytes / 1024} KiB`
}
