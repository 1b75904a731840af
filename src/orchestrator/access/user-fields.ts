import { InvalidInputError } from '../../shared/errors.ts'
import { type ActorRole, actorRoles } from '../../shared/role.ts'
import { withoutHidden } from '../../shared/text/visible.ts'

const maxName = 64
const minPassword = 8
const maxPasswordBytes = 1024

/** As typed, but for the spaces around it. Throws InvalidInputError. */
export function readName(typed: string): string {
  const name = typed.normalize('NFC').trim()
  if (name === '') throw invalid('name', 'Give a name.')
  if (name.length > maxName) throw invalid('name', `A name has at most ${maxName} characters.`)
  // What cannot be seen would make two names that look alike: some of it counts as a letter or a mark.
  if (!/^[\p{L}\p{N}](?: ?[\p{L}\p{M}\p{N}._@+-])*$/u.test(name) || withoutHidden(name) !== name) {
    throw invalid(
      'name',
      'A name begins with a letter or digit, and has letters, digits, single spaces and . _ @ + - only.',
    )
  }
  return name
}

export function keyOfName(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}

/** Throws InvalidInputError. */
export function readPassword(typed: string): string {
  if ([...typed].length < minPassword) throw invalid('password', `A password has at least ${minPassword} characters.`)
  if (Buffer.byteLength(typed) > maxPasswordBytes) {
    throw invalid('password', `A password has at most ${maxPasswordBytes} bytes.`)
  }
  return typed
}

/** Throws InvalidInputError. */
export function readRole(typed: string): ActorRole {
  const role = actorRoles.find((one) => one === typed)
  if (role === undefined) throw invalid('role', `A role is one of ${actorRoles.join(', ')}: not "${typed}".`)
  return role
}

function invalid(field: string, message: string): InvalidInputError {
  return new InvalidInputError([{ field, message }])
}
