/** What somebody may do: read; also run things; also change what is there. */
export const actorRoles = ['viewer', 'operator', 'admin'] as const
export type ActorRole = (typeof actorRoles)[number]

/** What a route needs of who asks: `anyone` where there are no secrets, `agent` for what agents say of themselves. */
export type Role = 'anyone' | 'agent' | ActorRole

export function includesRole(role: ActorRole, needed: ActorRole): boolean {
  return actorRoles.indexOf(role) >= actorRoles.indexOf(needed)
}

/** For programs that use the API, or for agents that register themselves: that may do nothing else. */
export const tokenKinds = ['api', 'registration'] as const
export type TokenKind = (typeof tokenKinds)[number]

export const maxTokenDays = 3660
