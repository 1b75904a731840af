import type { FieldError } from '../../shared/errors.ts'
import { isMembers } from '../../shared/members.ts'
import type { Credential } from './credential.ts'
import { readHeaders } from './read-headers.ts'

const maxCharacters = 8192
const types = {
  bearer: { names: ['token'], read: readBearer },
  basic: { names: ['username', 'password'], read: readBasic },
  headers: { names: ['headers'], read: readNamedHeaders },
}
/** None, or undefined: then what was wrong is in `errors`. */
type Read = Credential | undefined

/** Reads `{type, …}`. Messages repeat nothing of it. */
export function readCredential(value: unknown, errors: FieldError[]): Read {
  const type = isMembers(value) ? value.type : undefined
  if (isMembers(value) && typeof type === 'string' && Object.hasOwn(types, type)) {
    const { names, read } = types[type as keyof typeof types]
    if (Object.keys(value).every((name) => ['type', ...names].includes(name))) return read(value, errors)
    return fail(errors, 'credential', `A credential of the type ${type} has ${names.join(' and ')}, and nothing else.`)
  }
  return fail(errors, 'credential.type', 'The type of a credential is bearer, basic or headers.')
}

function readBearer({ token }: Record<string, unknown>, errors: FieldError[]): Read {
  const text = readSecretText(token, 'credential.token', 'Token', errors)?.replace(/^bearer\s+/i, '')
  if (text === undefined) return undefined
  if (text === '') return fail(errors, 'credential.token', 'Token is required.')
  if (/^[\x21-\x7e]+$/.test(text)) return { type: 'bearer', token: text }
  return fail(errors, 'credential.token', 'A token has only ASCII letters, digits and punctuation, and no spaces.')
}

function readBasic({ username, password }: Record<string, unknown>, errors: FieldError[]): Read {
  const name = readSecretText(username, 'credential.username', 'User name', errors)
  const secret = readSecretText(password ?? '', 'credential.password', 'Password', errors, false)
  if (name === undefined || secret === undefined) return undefined
  if (name.includes(':')) return fail(errors, 'credential.username', 'A user name may not contain ":".')
  if (name === '' && secret === '') return fail(errors, 'credential.username', 'User name is required.')
  return { type: 'basic', username: name, password: secret }
}

function readNamedHeaders({ headers }: Record<string, unknown>, errors: FieldError[]): Read {
  const read = readHeaders(headers, (message) => fail(errors, 'credential.headers', message))
  return read && { type: 'headers', headers: read }
}

function readSecretText(
  value: unknown,
  field: string,
  label: string,
  errors: FieldError[],
  isTrimmed = true,
): string | undefined {
  if (value === undefined || value === null) return fail(errors, field, `${label} is required.`)
  if (typeof value !== 'string') return fail(errors, field, `${label} must be a string.`)
  if (value.length > maxCharacters) return fail(errors, field, `${label} may have at most ${maxCharacters} characters.`)
  const text = isTrimmed ? value.trim() : value
  return /\p{Cc}/u.test(text) || !text.isWellFormed()
    ? fail(errors, field, `${label} may not contain line breaks or other control characters.`)
    : text
}

function fail(errors: FieldError[], field: string, message: string): undefined {
  errors.push({ field, message })
}
