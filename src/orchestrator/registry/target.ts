import type { Target } from '../../agent/http/target.ts'
import type { ProtocolName } from '../../agent/protocol.ts'

/** What has to be known of an agent to call it. */
export type Callable = { url: string; protocol: ProtocolName }

/** What an agent is taken to speak while nothing else is known. */
export const defaultProtocol: ProtocolName = 'plain'

/** An agent of which only the URL is known. */
export function agentAt(url: string): Callable {
  return { url, protocol: defaultProtocol }
}

/** How an agent is called. Everything that is sent to agents goes through here. */
export function targetOf({ url }: Callable): Target {
  return { url, headers: {} }
}
