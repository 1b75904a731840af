import type { Actor } from '../../shared/actor.ts'
import { ConflictError, InvalidInputError, NotFoundError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { User, UserStore } from '../../store/ports/access.ts'
import type { EventStream } from '../events.ts'
import { type IsAgent, readAgents, refuseUnknownAgents } from './agent-list.ts'
import { createPasswordChange } from './password-change.ts'
import type { Passwords } from './passwords.ts'
import { keyOfName, readName, readPassword, readRole } from './user-fields.ts'

export type ShownUser = Omit<User, 'passwordHash' | 'key'>
export type NewUser = { name: string; password: string; role: string; agents?: string[] | null }

export type Users = {
  all(): Promise<ShownUser[]>
  /** Throws NotFoundError. */
  find(id: string): Promise<ShownUser>
  named(name: string): Promise<ShownUser>
  /** Throws InvalidInputError; with `isFirst` ConflictError where there is a user. */
  add(user: NewUser, by: Actor, isFirst?: boolean): Promise<ShownUser>
  /** Throws NotFoundError, InvalidInputError, ConflictError. */
  change(id: string, to: { role?: string; agents?: string[] | null }, by: Actor): Promise<ShownUser>
  /** Ends their sessions. Throws NotFoundError, InvalidInputError. */
  setPassword(id: string, password: string, by: Actor): Promise<void>
  /** Ends their sessions, but for this one. Throws InvalidInputError where `old` is not their password. */
  changeOwnPassword(id: string, to: { old: string; password: string }, by: Actor, thisSession: string): Promise<void>
  /** Ends their sessions. Throws NotFoundError, ConflictError. */
  remove(id: string, by: Actor): Promise<void>
}

export function createUsers(deps: {
  store: UserStore
  passwords: Passwords
  isAgent: IsAgent
  newId: () => string
  clock: Pick<Clock, 'now'>
  events: EventStream
}): Users {
  const { store, passwords, isAgent, newId, clock, events } = deps

  async function find(id: string): Promise<User> {
    const user = await store.find(id)
    if (!user) throw new NotFoundError('user', id)
    return user
  }

  const change = createPasswordChange({ ...deps, announce: (user, by) => announce(events, user, 'new-password', by) })

  return {
    all: async () => (await store.all()).map(shown),
    find: async (id) => shown(await find(id)),

    async named(name) {
      const user = await store.findByKey('password', keyOfName(name))
      if (!user) throw new NotFoundError('user', name)
      return shown(user)
    },

    async add({ name: typed, password, role: typedRole, agents: typedAgents = null }, by, isFirst = false) {
      const name = readName(typed)
      const role = readRole(typedRole)
      const checked = readPassword(password)
      const agents = readAgents(typedAgents, role)
      await refuseUnknownAgents(agents, isAgent)
      const user: User = {
        ...{ id: newId(), source: 'password', key: keyOfName(name), name, role, agents },
        passwordHash: await passwords.hash(checked),
        createdAt: clock.now(),
        lastLoginAt: null,
      }
      const outcome = await store.add(user, isFirst)
      if (outcome === 'taken') throw nameTaken(name)
      if (outcome === 'not-first') throw new ConflictError('There is a user already. Log in instead.')
      announce(events, user, 'added', by)
      return shown(user)
    },

    async change(id, { role: typedRole, agents: typedAgents }, by) {
      const user = await find(id)
      const role = typedRole === undefined ? user.role : readRole(typedRole)
      if (role !== user.role && user.source !== 'password')
        throw new ConflictError(`${user.name} has the role of their groups, which are read at each login.`)
      const agents = typedAgents === undefined ? undefined : readAgents(typedAgents, role)
      await refuseUnknownAgents(agents ?? null, isAgent, user.agents)
      const to = { role, ...(agents !== undefined && { agents }) }
      const outcome = await store.change(id, to)
      if (outcome === 'gone') throw new NotFoundError('user', id)
      if (outcome === 'last-admin') throw lastAdmin(user)
      const changed = { ...user, ...to }
      announce(events, changed, 'changed', by)
      return shown(changed)
    },

    setPassword: async (id, password, by) => change.setPassword(await find(id), password, by),

    changeOwnPassword: async (id, to, by, thisSession) => change.changeOwn(await find(id), to, by, thisSession),

    async remove(id, by) {
      const user = await find(id)
      const outcome = await store.remove(id)
      if (outcome === 'gone') throw new NotFoundError('user', id)
      if (outcome === 'last-admin') throw lastAdmin(user)
      announce(events, user, 'removed', by)
    },
  }
}

function announce(
  events: EventStream,
  { id: userId, name, ...user }: User,
  change: 'added' | 'changed' | 'removed' | 'new-password',
  by: Actor,
): void {
  events.emit('user-changed', { userId, name, role: user.role, agents: agentsOf(user), change, by })
}

function shown({ passwordHash: _, key: __, ...user }: User): ShownUser {
  return { ...user, agents: agentsOf(user) }
}

/** The list of somebody who was made an admin is kept, and holds again once they are none. */
export function agentsOf({ role, agents }: Pick<User, 'role' | 'agents'>): string[] | null {
  return role === 'admin' ? null : agents
}

function nameTaken(name: string): InvalidInputError {
  return new InvalidInputError([{ field: 'name', message: `There is a user "${name}" already.` }])
}

function lastAdmin({ name }: User): ConflictError {
  return new ConflictError(`${name} is the last admin with a password. Make somebody else an admin first.`)
}
