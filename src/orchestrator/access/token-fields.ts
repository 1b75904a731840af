import type { Actor } from '../../shared/actor.ts'
import { AppError, type FieldError, InvalidInputError } from '../../shared/errors.ts'
import { type ActorRole, includesRole, maxTokenDays, type TokenKind } from '../../shared/role.ts'
import { readName, readRole, refuseList } from './user-fields.ts'

const maxAgents = 1000

export type NewToken = {
  name: string
  kind: TokenKind
  /** Of an API token. */
  role?: string | undefined
  /** All where it is null. */
  agents: string[] | null
  /** Never where it is null. */
  expiresInDays: number | null
}

/** What a new token may be. Throws InvalidInputError with every wrong field. */
export function readNewToken({ name, kind, role, agents, expiresInDays }: NewToken, by: Actor) {
  const errors: FieldError[] = []
  const read = <Value>(value: () => Value): Value => collect(value, errors) as Value
  const token = {
    name: read(() => readName(name)),
    kind,
    role: read(() => roleOf(kind, role, by)),
    agents: read(() => readAgents(agents, by)),
    expiresInDays: read(() => readExpiry(expiresInDays)),
  }
  if (token.role === 'admin' && agents !== null) {
    errors.push({ field: 'agents', message: 'A token with the role admin is for all agents. Choose another role.' })
  }
  if (errors.length > 0) throw new InvalidInputError(errors)
  refuseList(token.agents)
  return token
}

function collect(value: () => unknown, errors: FieldError[]): unknown {
  try {
    return value()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    errors.push(...error.fields)
    return undefined
  }
}

/** A token for registration reads what agents read of themselves, whatever it is said to be. */
function roleOf(kind: TokenKind, typed: string | undefined, by: Actor): ActorRole {
  if (kind === 'registration') {
    if (typed !== undefined) throw invalid('role', 'A registration token has no role. Leave it out.')
    return 'viewer'
  }
  if (typed === undefined) throw invalid('role', 'Choose a role.')
  const role = readRole(typed)
  if (includesRole(by.role, role)) return role
  throw invalid('role', `Nobody gives more than they have: ${by.name} has the role ${by.role}.`)
}

function readAgents(agents: string[] | null, by: Actor): string[] | null {
  if (agents === null && by.agents === null) return null
  if (agents === null) throw invalid('agents', 'Name the agents. You do not see all of them.')
  const ids = [...new Set(agents.map((id) => id.trim()))]
  if (ids.length === 0) throw invalid('agents', 'Name at least one agent.')
  if (ids.length > maxAgents) throw invalid('agents', `Name at most ${maxAgents} agents.`)
  const wrong = ids.find((id) => id === '' || /[/\p{Cc}]/u.test(id))
  if (wrong !== undefined) throw invalid('agents', `"${wrong}" is not the ID of an agent.`)
  const foreign = ids.find((id) => by.agents !== null && !by.agents.includes(id))
  if (foreign !== undefined) throw invalid('agents', `You do not see the agent "${foreign}".`)
  return ids
}

function readExpiry(days: number | null): number | null {
  if (days === null || (Number.isInteger(days) && days >= 1 && days <= maxTokenDays)) return days
  throw invalid('expires_in_days', `A token expires in 1 to ${maxTokenDays} days, or never.`)
}

function invalid(field: string, message: string): InvalidInputError {
  return new InvalidInputError([{ field, message }])
}
