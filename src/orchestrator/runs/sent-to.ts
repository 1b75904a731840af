import type { Protocols } from '../../agent/protocol.ts'
import type { RecordedExchange } from '../../store/ports/runs.ts'
import { agentAt, type Callable, targetOf } from '../registry/target.ts'

export type SentTo = { url: string; curl: string | undefined }

export function sentTo(
  protocols: Protocols,
  { agentUrl, inputs }: { agentUrl: string | null; inputs: string | null },
  agent: Callable | undefined,
  exchanges: Pick<RecordedExchange, 'method' | 'requestHeaders'>[],
): SentTo | undefined {
  if (agentUrl === null) return undefined
  const then = { ...(agent ?? agentAt(agentUrl)), url: agentUrl }
  const protocol = protocols[then.protocol]
  const sent = exchanges.findLast(({ method }) => method === 'POST')?.requestHeaders.traceparent
  const curl = inputs === null ? undefined : protocol.curl?.(targetOf(then), inputs, sent)
  return { url: agentUrl + protocol.endpoints.run, curl }
}
