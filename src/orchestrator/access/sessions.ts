import type { Clock } from '../../shared/time/clock.ts'
import { daySeconds } from '../../shared/time/durations.ts'
import type { Session, SessionStore, User } from '../../store/ports/access.ts'
import { hashOfSecret, newSecret } from './secrets.ts'

const lifeMs = 30 * daySeconds * 1000
const idleMs = 7 * daySeconds * 1000
const maxBrowserLength = 200

export type SeenFrom = { address: string; browser: string }

export type Sessions = {
  /** Resolves to what the browser is to hold; undefined where the user is gone, or has another password by now. */
  begin(
    user: Pick<User, 'id' | 'passwordHash'>,
    from: SeenFrom,
  ): Promise<{ secret: string; session: Session } | undefined>
  find(secret: string): Promise<{ session: Session; user: User } | undefined>
  endsAt(session: Session): number
}

export const sessionSeconds = lifeMs / 1000

export function createSessions(deps: {
  store: SessionStore
  newId: () => string
  randomHex: (bytes: number) => string
  clock: Pick<Clock, 'now'>
  /** Whether such users may still come in. */
  accepts: (user: User) => boolean
}): Sessions {
  const { store, newId, randomHex, clock, accepts } = deps
  const endsAt = ({ expiresAt, lastSeenAt }: Session) => Math.min(expiresAt, lastSeenAt + idleMs)

  return {
    async begin(user, { address, browser }) {
      const now = clock.now()
      const secret = newSecret('', randomHex)
      const session: Session = {
        ...{ id: newId(), hash: hashOfSecret(secret), userId: user.id },
        ...{ createdAt: now, lastSeenAt: now, expiresAt: now + lifeMs },
        ...{ address, browser: browser.slice(0, maxBrowserLength) },
      }
      await store.prune(now)
      return (await store.add(session, user.passwordHash)) ? { secret, session } : undefined
    },

    async find(secret) {
      const found = await store.find(hashOfSecret(secret))
      return found && endsAt(found.session) > clock.now() && accepts(found.user) ? found : undefined
    },

    endsAt,
  }
}
