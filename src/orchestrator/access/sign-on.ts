import { timingSafeEqual } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { AppError, ForbiddenError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { SignOnAttempt, SignOnProvider } from '../../sign-on/provider.ts'
import type { User } from '../../store/ports/access.ts'
import type { EventStream } from '../events.ts'
import type { OutsideUsers } from './outside-users.ts'
import { hashOfSecret, newSecret } from './secrets.ts'
import type { SeenFrom } from './sessions.ts'

const maxAttempts = 1000
const attemptSeconds = 600

export type SignOn<LoggedIn> = {
  /** `address` is where the browser goes, `secret` what it holds meanwhile. Throws AppError. */
  begin(next: string): Promise<{ address: string; secret: string; seconds: number }>
  /** Of a browser that came back with this query. Throws AppError. */
  finish(query: string, secret: string | undefined, from: SeenFrom): Promise<{ loggedIn: LoggedIn; next: string }>
  /** Who logs out here is still logged in there. */
  there(): Promise<{ host: string; logoutAddress: string | undefined }>
}

type Begun = { attempt: SignOnAttempt; hash: string; next: string; until: number }

export function createSignOn<LoggedIn>(deps: {
  provider: SignOnProvider
  users: OutsideUsers
  logIn: (user: User, from: SeenFrom) => Promise<LoggedIn | undefined>
  clock: Pick<Clock, 'elapsed'>
  randomHex: (bytes: number) => string
  events: EventStream
}): SignOn<LoggedIn> {
  const { provider, users, logIn, clock, randomHex, events } = deps
  const begun = new LRUCache<string, Begun>({ max: maxAttempts })
  const chance = () => newSecret('', randomHex)

  /** Each attempt counts once, and for the browser alone that began it. */
  function take(query: string, secret = ''): Begun {
    const state = new URLSearchParams(query).get('state') ?? ''
    const found = begun.get(state)
    const isTheirs = found && timingSafeEqual(Buffer.from(found.hash), Buffer.from(hashOfSecret(secret)))
    if (isTheirs) begun.delete(state)
    if (isTheirs && clock.elapsed() < found.until) return found
    const message = 'This login took too long, was used already, or began in another window or at another address.'
    throw new AppError('sign-on-expired', 400, message)
  }

  return {
    async begin(next) {
      const attempt = { state: chance(), nonce: chance(), verifier: chance() }
      const secret = chance()
      const address = await provider.addressFor(attempt)
      const until = clock.elapsed() + attemptSeconds * 1000
      begun.set(attempt.state, { attempt, hash: hashOfSecret(secret), next, until })
      return { address, secret, seconds: attemptSeconds }
    },

    async finish(query, secret, from) {
      const { attempt, next } = take(query, secret)
      const { subject, name, groups } = await provider.claimsOf(query, attempt)
      const user = await users.admit({ source: 'oidc', key: `${provider.issuer} ${subject}`, name, groups })
      const loggedIn = user && (await logIn(user, from))
      if (loggedIn) return { loggedIn, next }
      events.emit('login-refused', { name, user: undefined, address: from.address })
      throw new ForbiddenError(noRole)
    },

    async there() {
      return { host: new URL(provider.issuer).host, logoutAddress: await provider.logoutAddress() }
    },
  }
}

export const noRole = 'You are known, but none of your groups has a role in this dashboard. Ask one of its admins.'
