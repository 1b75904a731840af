import { timingSafeEqual } from 'node:crypto'
import { AppError, ForbiddenError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { SignOnAttempt, SignOnProvider } from '../../sign-on/provider.ts'
import type { User } from '../../store/ports/access.ts'
import type { Counts } from '../../store/ports/cluster.ts'
import type { EventStream } from '../events.ts'
import { createLocalCounts } from './local-counts.ts'
import type { OutsideUsers } from './outside-users.ts'
import { hashOfSecret, newSecret } from './secrets.ts'
import type { SeenFrom } from './sessions.ts'

const attemptSeconds = 600
/** A cookie holds it. */
const maxNext = 1500

function attemptOf(held: string): SignOnAttempt {
  const made = (what: string) => hashOfSecret(`${what} ${held}`)
  return { state: made('state'), nonce: made('nonce'), verifier: made('verifier') }
}

export type SignOn<LoggedIn> = {
  /** `address` is where the browser goes, `secret` what it holds meanwhile. Throws AppError. */
  begin(next: string): Promise<{ address: string; secret: string; seconds: number }>
  /** Of a browser that came back with this query. Throws AppError. */
  finish(query: string, secret: string | undefined, from: SeenFrom): Promise<{ loggedIn: LoggedIn; next: string }>
  /** Who logs out here is still logged in there. */
  there(): Promise<{ host: string; logoutAddress: string | undefined }>
}

/** The browser holds all of an attempt, so it may come back to another dashboard on the database. What goes to the
 * provider is made from that, and does not tell it. */
export function createSignOn<LoggedIn>(deps: {
  provider: SignOnProvider
  users: OutsideUsers
  logIn: (user: User, from: SeenFrom) => Promise<LoggedIn | undefined>
  clock: Pick<Clock, 'now' | 'elapsed'>
  randomHex: (bytes: number) => string
  counts: Counts | undefined
  events: EventStream
}): SignOn<LoggedIn> {
  const { provider, users, logIn, clock, randomHex, events } = deps
  const counts = deps.counts ?? createLocalCounts(clock)

  /** Each attempt counts once, and for the browser alone that began it. */
  async function take(query: string, held = ''): Promise<{ attempt: SignOnAttempt; next: string }> {
    const given = new URLSearchParams(query).get('state') ?? ''
    const attempt = attemptOf(held)
    const [, until, next] = held.split('.')
    const isTheirs = timingSafeEqual(Buffer.from(hashOfSecret(attempt.state)), Buffer.from(hashOfSecret(given)))
    const isInTime = clock.now() < Number(until)
    if (isTheirs && isInTime && next !== undefined) {
      const { times } = await counts.count(`sign-on ${hashOfSecret(given)}`, attemptSeconds * 1000)
      if (times === 1) return { attempt, next: Buffer.from(next, 'base64url').toString() }
    }
    const message = 'This login took too long, was used already, or began in another window or at another address.'
    throw new AppError('sign-on-expired', 400, message)
  }

  return {
    async begin(next) {
      const until = clock.now() + attemptSeconds * 1000
      const kept = next.length > maxNext ? '/' : next
      const held = [newSecret('', randomHex), until, Buffer.from(kept).toString('base64url')].join('.')
      return { address: await provider.addressFor(attemptOf(held)), secret: held, seconds: attemptSeconds }
    },

    async finish(query, held, from) {
      const { attempt, next } = await take(query, held)
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
