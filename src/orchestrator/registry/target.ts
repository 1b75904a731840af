import type { Target } from '../../agent/http/target.ts'
import type { ProtocolName } from '../../agent/protocol.ts'

export type Callable = { url: string; protocol: ProtocolName }

export const defaultProtocol: ProtocolName = 'plain'

export function agentAt(url: string): Callable {
  return { url, protocol: defaultProtocol }
}

/** Everything that is sent to agents goes through here. */
export function targetOf({ url }: Callable): Target {
  return { url, headers: {} }
}
