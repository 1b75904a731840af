import type { ClientAuth, Configuration } from 'openid-client'
import type { SingleSignOn } from '../config/login.ts'
import type { Clock } from '../shared/time/clock.ts'

const timeoutSeconds = 10
/** Providers move their endpoints now and then. */
const knownForMs = 3600_000
const toleratedSeconds = 30

export function createDiscovery(
  { issuer, clientId, clientSecret }: SingleSignOn,
  clock: Pick<Clock, 'elapsed'>,
): () => Promise<Configuration> {
  let known: { configuration: Promise<Configuration>; until: number } | undefined

  async function discover(): Promise<Configuration> {
    const oidc = await import('openid-client')
    const authentication: ClientAuth = (server, ...rest) => {
      const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
      const { ClientSecretBasic, ClientSecretPost } = oidc
      const how = methods.includes('client_secret_basic') ? ClientSecretBasic : ClientSecretPost
      return how(clientSecret)(server, ...rest)
    }
    return oidc.discovery(
      new URL(issuer),
      clientId,
      { [oidc.clockTolerance]: toleratedSeconds },
      clientSecret === '' ? oidc.None() : authentication,
      { timeout: timeoutSeconds, execute: issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [] },
    )
  }

  return () => {
    if (known && clock.elapsed() < known.until) return known.configuration
    const asked = discover()
    known = { configuration: asked, until: clock.elapsed() + knownForMs }
    // The next login tries again.
    asked.catch(() => (known = undefined))
    return asked
  }
}
