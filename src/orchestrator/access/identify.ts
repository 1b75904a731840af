import { LRUCache } from 'lru-cache'
import type { Actor } from '../../shared/actor.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { AccessStore, Token, User } from '../../store/ports/access.ts'
import { hashOfSecret } from './secrets.ts'
import type { Sessions } from './sessions.ts'
import { agentsOf } from './users.ts'

const maxKnown = 1000
/** How often it is written down that somebody was seen. */
const seenEveryMs = 60_000

export type Identity = { actor: Actor; userId?: string; sessionId?: string; kind: 'session' | 'proxy' | Token['kind'] }

export type Credential = { kind: 'session' | 'token'; secret: string }

export type Identify = (credential: Credential) => Identity | undefined | Promise<Identity | undefined>

type Known = { identity: Identity; until: number; revision: string; seenAt: number; see: (at: number) => Promise<void> }

/** Knows who is asking without a query, until users, sessions or tokens change. */
export function createIdentify(deps: {
  store: AccessStore
  sessions: Sessions
  clock: Pick<Clock, 'now'>
  onError: (error: unknown) => void
}): Identify {
  const { store, sessions, clock, onError } = deps
  const known = {
    session: new LRUCache<string, Known>({ max: maxKnown }),
    token: new LRUCache<string, Known>({ max: maxKnown }),
  }

  function identityOf(one: Known): Identity {
    const now = clock.now()
    if (now - one.seenAt >= seenEveryMs) {
      one.seenAt = now
      one.see(now).catch(onError)
    }
    return one.identity
  }

  async function look({ kind, secret }: Credential): Promise<Identity | undefined> {
    const revision = store.revision()
    const found = kind === 'session' ? await ofSession(secret) : await ofToken(secret)
    if (!found || found.until <= clock.now()) return undefined
    const one = { ...found, revision }
    known[kind].set(secret, one)
    return identityOf(one)
  }

  async function ofSession(secret: string): Promise<Omit<Known, 'revision'> | undefined> {
    const found = await sessions.find(secret)
    if (!found) return undefined
    const { session, user } = found
    return {
      identity: { kind: 'session', actor: actorOfUser(user), userId: user.id, sessionId: session.id },
      until: sessions.endsAt(session),
      seenAt: session.lastSeenAt,
      see: (at) => store.sessions.seen(session.id, at),
    }
  }

  async function ofToken(secret: string): Promise<Omit<Known, 'revision'> | undefined> {
    const token = await store.tokens.find(hashOfSecret(secret))
    return (
      token && {
        identity: { kind: token.kind, actor: actorOfToken(token) },
        until: token.expiresAt ?? Number.POSITIVE_INFINITY,
        seenAt: token.lastUsedAt ?? 0,
        see: (at) => store.tokens.used(token.id, at),
      }
    )
  }

  return (credential) => {
    const ofKind = known[credential.kind]
    const one = ofKind.get(credential.secret)
    if (one && one.revision === store.revision() && one.until > clock.now()) return identityOf(one)
    ofKind.delete(credential.secret)
    return look(credential)
  }
}

export function actorOfUser({ id, name, role, ...user }: User): Actor {
  return { id: `user:${id}`, name, role, agents: agentsOf({ role, ...user }) }
}

function actorOfToken({ id, name, role, agents }: Token): Actor {
  return { id: `token:${id}`, name, role, agents }
}
