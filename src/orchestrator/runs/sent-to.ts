import type { Protocols } from '../../agent/protocol.ts'
import { agentAt, type Callable, targetOf } from '../registry/target.ts'

/** Where a run was sent, and the shell command that sends it again, where there can be one. */
export type SentTo = { url: string; curl: string | undefined }

/** `agent` is the one that is registered now, if it is. */
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
