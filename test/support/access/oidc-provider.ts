import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { onTestFinished } from 'vitest'
import type { Config } from '../../../src/config.ts'

export type Person = { sub: string; preferred_username: string; groups: string[] }

const client = { id: 'dashboard', secret: 'secret of the dashboard' }
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })

/** A real OpenID Connect provider on loopback, in which `person` is logged in. */
export async function startProvider(
  person: Person,
  { redirectUri = 'http://localhost:8000/login/sso/callback', hasLogout = true } = {},
) {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'], email: ['email'] },
    cookies: { keys: ['key of cookies'] },
    jwks: { keys: [{ ...key, use: 'sig', alg: 'RS256' }] },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: hasLogout } },
    pkce: { required: () => true },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    interactions: { url: () => '/person' },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ ...person }) }),
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (request.url !== '/person') return answer(request, response)
    return provider.interactionFinished(request, response, { login: { accountId: person.sub } })
  })
  const stop = () => new Promise((resolve) => server.close(resolve).closeAllConnections())
  onTestFinished(() => void stop())
  const config: Partial<Config> = {
    ...{ oidcIssuer: issuer, oidcClientId: client.id, oidcClientSecret: client.secret },
    groupRoles: [
      ['ops', 'operator'],
      ['admins', 'admin'],
    ],
  }
  return { issuer, config, stop }
}

/** Follows the provider's pages from the address that a browser was sent to, back to the dashboard's. */
export async function followProvider(address: string): Promise<string> {
  const { origin } = new URL(address)
  const cookies = new Map<string, string>()
  let next = new URL(address)
  while (next.origin === origin) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(next, { redirect: 'manual', headers: { cookie } })
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!
      cookies.set(name!, value!)
    }
    const location = answer.headers.get('location')
    if (location === null) throw new Error(`The provider answers ${answer.status}: ${await answer.text()}`)
    next = new URL(location, next)
  }
  return next.href
}
