import type { Transport } from './http/transport.ts'
import { createPlainProtocol } from './plain/client.ts'
import type { Protocols } from './protocol.ts'

/** Every protocol that agents can be called by. `now` is the time of day. */
export function createProtocols(transport: Transport, now: () => number): Protocols {
  return { plain: createPlainProtocol(transport, now) }
}
