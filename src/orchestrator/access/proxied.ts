import { LRUCache } from 'lru-cache'
import { ForbiddenError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { AccessStore } from '../../store/ports/access.ts'
import type { EventStream } from '../events.ts'
import { actorOfUser, type Identity } from './identify.ts'
import type { OutsideUsers } from './outside-users.ts'
import { noRole } from './sign-on.ts'

const maxKnown = 1000
const refusedForMs = 60_000
const knownForMs = 3600_000
/** Whoever comes back after so long has logged in anew. */
const newLoginMs = 12 * 3600_000

/** Whom a trusted proxy has logged in. */
export type Proxied = { name: string; groups: string[] }

/** Throws ForbiddenError for whoever has no role. */
export type IdentifyProxied = (person: Proxied, address: string) => Identity | Promise<Identity>

type Known = { identity: Identity | undefined; until: number; revision: string }

export function createIdentifyProxied(deps: {
  store: AccessStore
  users: OutsideUsers
  clock: Pick<Clock, 'now'>
  events: EventStream
}): IdentifyProxied {
  const { store, users, clock, events } = deps
  const known = new LRUCache<string, Known>({ max: maxKnown })

  async function look({ name, groups }: Proxied, address: string): Promise<Identity | undefined> {
    const user = await users.admit({ source: 'proxy', key: name, name, groups })
    if (!user) {
      events.emit('login-refused', { name, user: undefined, address })
      return undefined
    }
    const now = clock.now()
    if (now - (user.lastLoginAt ?? 0) >= newLoginMs) {
      await store.users.change(user.id, { lastLoginAt: now })
      events.emit('logged-in', { address, by: actorOfUser(user) })
    }
    return { kind: 'proxy', actor: actorOfUser(user), userId: user.id }
  }

  const admitted = (identity: Identity | undefined): Identity => {
    if (!identity) throw new ForbiddenError(noRole)
    return identity
  }

  return (person, address) => {
    const key = JSON.stringify([person.name, person.groups])
    const one = known.get(key)
    if (one && one.revision === store.revision() && clock.now() < one.until) return admitted(one.identity)
    const revision = store.revision()
    return look(person, address).then((identity) => {
      known.set(key, { identity, revision, until: clock.now() + (identity ? knownForMs : refusedForMs) })
      return admitted(identity)
    })
  }
}
