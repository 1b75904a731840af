import type { GroupRole } from '../../config/sign-on.ts'
import { dashboardActor } from '../../shared/actor.ts'
import { type ActorRole, includesRole } from '../../shared/role.ts'
import { withoutHidden } from '../../shared/text/visible.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { AccessStore, User } from '../../store/ports/access.ts'
import type { EventStream } from '../events.ts'
import { agentsOf } from './users.ts'

const maxName = 64

/** Somebody of whom another program says who they are. `key` is what it knows them by; their name is only shown. */
type Outsider = { source: 'oidc' | 'proxy'; key: string; name: string; groups: string[] }

export type OutsideUsers = {
  /** Gives them the role of their groups. Without one, they stay out: undefined, and their sessions end. */
  admit(outsider: Outsider): Promise<User | undefined>
}

export function createOutsideUsers(deps: {
  store: AccessStore
  roles: GroupRole[]
  newId: () => string
  clock: Pick<Clock, 'now'>
  events: EventStream
}): OutsideUsers {
  const { store, roles, newId, clock, events } = deps

  function roleOf(groups: string[]): ActorRole | undefined {
    const theirs = roles.filter(([group]) => groups.includes(group)).map(([, role]) => role)
    return theirs.reduce<ActorRole | undefined>(
      (most, role) => (most && includesRole(most, role) ? most : role),
      undefined,
    )
  }

  const announce = ({ id: userId, name, ...user }: User, change: 'added' | 'changed') =>
    events.emit('user-changed', {
      ...{ userId, name, role: user.role, agents: agentsOf(user), change },
      by: dashboardActor,
    })

  async function keepOut(user: User | undefined): Promise<void> {
    if (!user) return
    for (const { id } of await store.sessions.all(user.id)) {
      if (await store.sessions.end(id)) events.emit('session-ended', { sessionId: id, user, by: dashboardActor })
    }
  }

  async function add({ source, key, name }: Outsider, role: ActorRole): Promise<User> {
    const user: User = {
      ...{ id: newId(), source, key, name, role },
      ...{ passwordHash: null, agents: null, createdAt: clock.now(), lastLoginAt: null },
    }
    // Two requests of theirs may come at once.
    if ((await store.users.add(user)) === 'taken') return (await store.users.findByKey(source, key))!
    announce(user, 'added')
    return user
  }

  return {
    async admit(outsider) {
      const { source, key, groups } = outsider
      const role = roleOf(groups)
      const known = await store.users.findByKey(source, key)
      if (role === undefined) {
        await keepOut(known)
        return undefined
      }
      const name = shownName(outsider.name) || shownName(key)
      const user = known ?? (await add({ ...outsider, name }, role))
      if (user.role === role && user.name === name) return user
      await store.users.change(user.id, { role, name })
      if (user.role !== role) announce({ ...user, role, name }, 'changed')
      return { ...user, role, name }
    },
  }
}

function shownName(name: string): string {
  return Array.from(withoutHidden(name.normalize('NFC')).trim())
    .slice(0, maxName)
    .join('')
}
