import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type Identity, selfSigned } from './certificates.ts'

/**
 * A server of 127.0.0.1 that speaks HTTPS alone, by default with a certificate that it signed itself. `named` are the
 * host names that were asked for.
 */
export async function startTlsServer(
  answer: RequestListener,
  identity: Identity = selfSigned,
): Promise<{ port: number; named: string[]; renew: (identity: Identity) => void }> {
  const named: string[] = []
  const SNICallback = (name: string, done: (error: null) => void) => {
    named.push(name)
    done(null)
  }
  const server = createServer({ ...identity, SNICallback }, answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    named,
    renew(other) {
      server.setSecureContext(other)
      server.closeAllConnections()
    },
  }
}
