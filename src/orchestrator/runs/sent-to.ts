import type { Protocols } from '../../agent/protocol.ts'
import { agentAt, type Callable, targetOf } from '../registry/target.ts'

export type SentTo = { url: string; curl: string | undefined }

export function sentTo(
  protocols: Protocols,
  { agentUrl, inputs }: { agentUrl: string | null; inputs: string | null },
  agent: Callable | undefined,
): SentTo | undefined {
  if (agentUrl === null) return undefined
  const then = { ...(agent ?? agentAt(agentUrl)), url: agentUrl }
  const protocol = protocols[then.protocol]
  const curl = inputs === null ? undefined : protocol.curl?.(targetOf(then), inputs)
  return { url: agentUrl + protocol.endpoints.run, curl }
}
