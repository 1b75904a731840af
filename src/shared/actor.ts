import type { ActorRole, Role } from './role.ts'

export type Actor = {
  /** `user:…` and `token:…` of those that are registered, else a word. */
  id: string
  name: string
  role: ActorRole
  agents: readonly string[] | null
  /** From which they ask, where something is changed by a request. */
  address?: string
}

/** With the role `agent`, an agent that says something of itself. */
export type Caller = Pick<Actor, 'agents'> & { role: Exclude<Role, 'anyone'> }

/** Everyone who reaches a dashboard without users: it listens on this machine alone. */
export const localActor: Actor = { id: 'local', name: 'local', role: 'admin', agents: null }

/** Whoever has not logged in, where anyone may look. */
export const anyone: Actor = { id: 'anyone', name: 'anyone', role: 'viewer', agents: null }

/** Who needs no name: routes for anyone neither ask nor show who it is. */
export const nobody: Actor = { id: 'nobody', name: 'nobody', role: 'viewer', agents: [] }

export const dashboardActor: Actor = { id: 'dashboard', name: 'dashboard', role: 'admin', agents: null }

/** Only admins learn where the database is. */
export const knowsPlaces = ({ role }: Actor): boolean => role === 'admin'

/** As whom they are named beside what they have started. Without users, and for the dashboard itself, nobody is. */
export function starterOf({ id, name }: Actor): { startedBy: string | null; startedById: string | null } {
  const isSomebody = id !== localActor.id && id !== dashboardActor.id
  return isSomebody ? { startedBy: name, startedById: id } : { startedBy: null, startedById: null }
}
