import type { Actor } from '../../shared/actor.ts'
import { AppError, type FieldError, InvalidInputError } from '../../shared/errors.ts'
import { type ActorRole, includesRole, maxTokenDays, type TokenKind } from '../../shared/role.ts'
import { readAgents } from './agent-list.ts'
import { readName, readRole } from './user-fields.ts'

export type NewToken = {
  name: string
  kind: TokenKind
  role?: string | undefined
  /** All where it is null. Of a registration token, those that may register themselves. */
  agents: string[] | null
  /** Never where it is null. */
  expiresInDays: number | null
}

/** What a new token may be. Throws InvalidInputError with every wrong field. */
export function readNewToken({ name, kind, role, agents, expiresInDays }: NewToken, by: Actor) {
  const errors: FieldError[] = []
  const read = <Value>(value: () => Value): Value => collect(value, errors) as Value
  const known = { name: read(() => readName(name)), kind, role: read(() => roleOf(kind, role, by)) }
  const token = {
    ...known,
    agents: read(() => readAgents(agents, kind === 'api' ? known.role : undefined)),
    expiresInDays: read(() => readExpiry(expiresInDays)),
  }
  if (errors.length > 0) throw new InvalidInputError(errors)
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
  throw invalid('role', `A token cannot do more than its creator: ${by.name} has the role ${by.role}.`)
}

function readExpiry(days: number | null): number | null {
  if (days === null || (Number.isInteger(days) && days >= 1 && days <= maxTokenDays)) return days
  throw invalid('expires_in_days', `A token expires in 1 to ${maxTokenDays} days, or never.`)
}

function invalid(field: string, message: string): InvalidInputError {
  return new InvalidInputError([{ field, message }])
}
