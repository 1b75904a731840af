import type { Actor } from '../../shared/actor.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { AccessStore, Session, User } from '../../store/ports/access.ts'
import type { EventStream } from '../events.ts'
import { actorOfUser, type Identity } from './identify.ts'
import type { Passwords } from './passwords.ts'
import { type SeenFrom, type Sessions, sessionSeconds } from './sessions.ts'
import { keyOfName } from './user-fields.ts'

/** `secret` is what the browser is to hold, for so many seconds at most. */
export type LoggedIn = { secret: string; seconds: number; identity: Identity }
export type ShownSession = Omit<Session, 'hash'>

export function createLogIn(deps: {
  store: AccessStore
  sessions: Sessions
  passwords: Passwords
  clock: Pick<Clock, 'now'>
  events: EventStream
}) {
  const { store, sessions, passwords, clock, events } = deps

  async function begin(user: User, from: SeenFrom): Promise<LoggedIn | undefined> {
    const begun = await sessions.begin(user, from)
    if (!begun) return undefined
    await store.users.change(user.id, { lastLoginAt: begun.session.createdAt })
    const actor = actorOfUser(user)
    events.emit('logged-in', { address: from.address, by: actor })
    return {
      secret: begun.secret,
      seconds: sessionSeconds,
      identity: { kind: 'session', actor, userId: user.id, sessionId: begun.session.id },
    }
  }

  return {
    begin,

    async logIn({ name, password }: { name: string; password: string }, from: SeenFrom) {
      const user = await store.users.findByKey('password', keyOfName(name))
      const isRight = await passwords.isRight(password, user?.passwordHash)
      const begun = user && isRight ? await begin(user, from) : undefined
      if (!begun)
        events.emit('login-refused', { name, user: user && { id: user.id, name: user.name }, address: from.address })
      return begun
    },

    async isKnownAt(name: string, address: string) {
      const user = await store.users.findByKey('password', keyOfName(name))
      return user !== undefined && (await store.sessions.all(user.id)).some((session) => session.address === address)
    },

    async logOut(sessionId: string, by: Actor) {
      if (await store.sessions.end(sessionId)) events.emit('logged-out', { by })
    },

    async sessions(userId?: string): Promise<ShownSession[]> {
      const open = (await store.sessions.all(userId)).filter((one) => sessions.endsAt(one) > clock.now())
      return open.map(({ hash: _, ...session }) => session)
    },

    async endSession(id: string, by: Actor) {
      const session = (await store.sessions.all()).find((one) => one.id === id)
      const user = session && (await store.users.find(session.userId))
      const isEnded = await store.sessions.end(id)
      if (isEnded) events.emit('session-ended', { sessionId: id, user: user && { id: user.id, name: user.name }, by })
      return isEnded
    },
  }
}
