import type { Actor } from '../../shared/actor.ts'
import { type ActorRole, includesRole } from '../../shared/role.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { AccessStore } from '../../store/ports/access.ts'
import type { BulkRecord } from '../../store/ports/bulk.ts'
import { agentsOf } from '../access/users.ts'
import { roleFor } from './rules.ts'

/** What the starter of an action may still do: see these agents, or why they may do nothing more. */
export type BulkRights = { agents: readonly string[] | null } | { lost: string }

/** Of users and tokens. Nobody can take away what the dashboard itself may do, or this machine without users. */
export function createBulkRights(access: Pick<AccessStore, 'users' | 'tokens'>, clock: Pick<Clock, 'now'>) {
  async function ofUser(id: string, { name, agents }: Actor, needed: ActorRole): Promise<BulkRights> {
    const user = await access.users.find(id)
    if (!user) return { lost: `${name}, who started it, was removed.` }
    if (!includesRole(user.role, needed)) return { lost: `${name}, who started it, has the role ${user.role} now.` }
    return { agents: inBoth(agents, agentsOf(user)) }
  }

  async function ofToken(id: string, { name, agents }: Actor): Promise<BulkRights> {
    const token = (await access.tokens.all()).find((one) => one.id === id)
    if (!token) return { lost: `The token "${name}", which started it, was removed.` }
    const hasExpired = token.expiresAt !== null && token.expiresAt <= clock.now()
    return hasExpired ? { lost: `The token "${name}", which started it, has expired.` } : { agents }
  }

  return async function rightsOf({ action, startedBy: starter }: BulkRecord): Promise<BulkRights> {
    if (!starter) return { agents: null }
    const [kind, ...id] = starter.id.split(':')
    if (kind === 'user') return ofUser(id.join(':'), starter, roleFor(action))
    return kind === 'token' ? ofToken(id.join(':'), starter) : { agents: starter.agents }
  }
}

const inBoth = (some: readonly string[] | null, others: readonly string[] | null) =>
  some === null || others === null ? (some ?? others) : some.filter((agent) => others.includes(agent))
