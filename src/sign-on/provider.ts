import type { SingleSignOn } from '../config/login.ts'
import { AppError } from '../shared/errors.ts'
import type { Clock } from '../shared/time/clock.ts'
import { createDiscovery } from './discovery.ts'

/** What ties an answer of the provider to the browser that asked. */
export type SignOnAttempt = { state: string; nonce: string; verifier: string }

type SignOnClaims = { subject: string; name: string; groups: string[] }

export type SignOnProvider = {
  issuer: string
  addressFor(attempt: SignOnAttempt): Promise<string>
  /** Of the person whom the provider sent back with this query. */
  claimsOf(query: string, attempt: SignOnAttempt): Promise<SignOnClaims>
  /** Where people log out there; undefined where it says no address, or does not answer. */
  logoutAddress(): Promise<string | undefined>
}

export function createSignOnProvider(deps: {
  settings: SingleSignOn
  redirectUri: () => string
  clock: Pick<Clock, 'elapsed'>
  onError: (error: unknown) => void
}): SignOnProvider {
  const { settings, redirectUri, clock, onError } = deps
  const { issuer, scopes, groupsClaim } = settings
  const configuration = createDiscovery(settings, clock)
  function unavailable(error: unknown): AppError {
    onError(error)
    const message = 'The single sign-on provider gave no valid answer. Try again in a moment.'
    return new AppError('sign-on-unavailable', 503, message)
  }

  return {
    issuer,

    async addressFor({ state, nonce, verifier }) {
      try {
        const configured = await configuration()
        const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await import('openid-client')
        return buildAuthorizationUrl(configured, {
          ...{ redirect_uri: redirectUri(), scope: scopes, state, nonce },
          ...{ code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
        }).href
      } catch (error) {
        throw unavailable(error)
      }
    },

    async claimsOf(query, { state, nonce, verifier }) {
      const { authorizationCodeGrant, fetchUserInfo, AuthorizationResponseError } = await import('openid-client')
      try {
        const configured = await configuration()
        const address = new URL(`${redirectUri()}?${query}`)
        const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true }
        const tokens = await authorizationCodeGrant(configured, address, checks)
        const claims: Record<string, unknown> & { sub: string } = tokens.claims()!
        const isWhole = nameIn(claims) !== undefined && claims[groupsClaim] !== undefined
        const more =
          isWhole || configured.serverMetadata().userinfo_endpoint === undefined
            ? {}
            : await fetchUserInfo(configured, tokens.access_token, claims.sub)
        const all: Record<string, unknown> = { ...more, ...claims }
        return { subject: claims.sub, name: nameIn(all) ?? claims.sub, groups: textsIn(all[groupsClaim]) }
      } catch (error) {
        if (!(error instanceof AuthorizationResponseError)) throw unavailable(error)
        if (error.error !== 'access_denied') onError(error)
        throw new AppError('sign-on-refused', 403, 'The single sign-on provider did not let you in.')
      }
    },

    async logoutAddress() {
      try {
        const configured = await configuration()
        const { end_session_endpoint: endpoint = '' } = configured.serverMetadata()
        if (!/^https?:/i.test(endpoint)) return undefined
        // Without an address to come back to: providers refuse one that was not registered with them.
        return (await import('openid-client')).buildEndSessionUrl(configured).href
      } catch (error) {
        onError(error)
        return undefined
      }
    },
  }
}

function nameIn(claims: Record<string, unknown>): string | undefined {
  const names = ['preferred_username', 'email', 'name'].map((claim) => claims[claim])
  return names.find((name) => typeof name === 'string' && name !== '') as string | undefined
}

/** A claim may hold one group, or a list of them. */
function textsIn(claim: unknown): string[] {
  return (Array.isArray(claim) ? claim : [claim]).filter((one) => typeof one === 'string')
}
