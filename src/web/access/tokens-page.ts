import type { ShownToken } from '../../orchestrator/access/tokens.ts'
import type { Actor } from '../../shared/actor.ts'
import type { AppError } from '../../shared/errors.ts'
import { actorRoles, includesRole } from '../../shared/role.ts'
import { isoTime, type Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'
import { type AgentNames, presentAgentChoice, presentSeen } from './agent-choice.ts'
import type { TypedToken } from './token-schemas.ts'

/** Shown this once. */
export type CreatedToken = { name: string; secret: string; registry?: string | undefined }

/** The region `#tokens`. */
export function presentTokens(tokens: ShownToken[], known: AgentNames, times: Times, created?: CreatedToken) {
  return {
    created,
    tokens: tokens.map((token) => ({
      ...{ id: token.id, name: token.name, by: `Created by ${token.createdBy}, ${times.day(token.createdAt)}` },
      scope: token.kind === 'registration' ? 'Registration' : capitalized(token.role),
      ...presentSeen(token.agents, known),
      isExpired: token.expiresAt !== null && token.expiresAt <= times.now,
      expires: token.expiresAt === null ? 'never' : times.day(token.expiresAt),
      expiresTitle: token.expiresAt === null ? 'never' : times.exact(token.expiresAt),
      lastUsed: times.moment(token.lastUsedAt),
      removePath: paths.removeToken(token.id),
    })),
  }
}

const expiries = [
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', '1 year'],
  ['never', 'Never'],
] as const

const scopes = {
  viewer: 'Viewer: reads',
  operator: 'Operator: also executes, cancels, reruns and checks',
  admin: 'Admin: everything',
} as const

/** The form, with what was typed. Nobody can give more than they have. */
export function presentTokenForm(by: Actor, known: AgentNames, typed?: TypedToken, error?: AppError) {
  const errorAt = (name: string) => error?.fields.find(({ field }) => field === name)?.message ?? ''
  const scope = typed === undefined ? 'viewer' : (typed.role ?? 'registration')
  const days = typed === undefined ? '90' : String(typed.expires_in_days ?? 'never')
  const roles = actorRoles.filter((role) => includesRole(by.role, role)).map((role) => [role, scopes[role]] as const)
  const options = [...roles, ['registration', 'Registration: for agents'] as const]
  const chosen = (rows: readonly (readonly [string, string])[], value: string) =>
    rows.map(([id, name]) => ({ id, name, isChosen: id === value }))
  const fields = ['name', 'role', 'agents', 'expires_in_days']
  return {
    name: { value: typed?.name ?? '', error: errorAt('name'), isFocused: true },
    agents: presentAgentChoice(known, typed?.agents ?? null, errorAt('agents')),
    scopes: chosen(options, scope),
    scopeError: errorAt('role'),
    expiries: chosen(expiries, days),
    expiryError: errorAt('expires_in_days'),
    problem: error && !error.fields.some(({ field }) => fields.includes(field)) ? error.message : '',
  }
}

export function tokenAsJson({ id, name, kind, role, agents, ...token }: ShownToken) {
  return {
    ...{ token_id: id, name, kind, role: kind === 'registration' ? null : role, agents },
    created_by: token.createdBy,
    created_at: isoTime(token.createdAt),
    expires_at: isoTime(token.expiresAt),
    last_used_at: isoTime(token.lastUsedAt),
  }
}

const capitalized = (word: string) => word[0]!.toUpperCase() + word.slice(1)
