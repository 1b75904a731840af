import type { Target } from '../../agent/http/target.ts'
import type { Trust } from '../../agent/http/trust.ts'
import type { ProtocolName } from '../../agent/protocol.ts'
import type { AgentCredential } from '../credentials/sealing.ts'

export type Callable = {
  url: string
  protocol: ProtocolName
  credential?: AgentCredential | undefined
  ca?: string | undefined
  fingerprint?: string | undefined
  healthPath?: string | undefined
}

export const defaultProtocol: ProtocolName = 'plain'

export function agentAt(url: string): Callable {
  return { url, protocol: defaultProtocol }
}

export function callableOf({ url, protocol, credential, ca, fingerprint, healthPath }: Callable): Callable {
  return { url, protocol, credential, ca, fingerprint, healthPath }
}

/** Everything that is sent to agents goes through here. */
export function targetOf({ url, credential, healthPath, ...agent }: Callable): Target {
  return { url, headers: {}, ...credential?.broughtTo(url), trust: trustOf(agent), healthPath }
}

function trustOf({ ca, fingerprint }: Pick<Callable, 'ca' | 'fingerprint'>): Trust | undefined {
  if (fingerprint !== undefined) return { fingerprint }
  return ca === undefined ? undefined : { ca }
}
