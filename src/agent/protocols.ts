import type { Transport } from './http/transport.ts'
import { createPlainProtocol } from './plain/client.ts'
import type { Protocols } from './protocol.ts'

export function createProtocols(transport: Transport, now: () => number): Protocols {
  return { plain: createPlainProtocol(transport, now) }
}
