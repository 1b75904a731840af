import { takeLogin } from '../../shared/text/url-login.ts'
import type { ofCredentialForm } from './schemas.ts'

/** What a test uses: of its buttons, another URL or a certificate to accept; no credential where none is typed yet. */
export function forTest<Body extends Typed & { instead?: unknown; accept?: unknown }>({
  instead,
  accept,
  ...typed
}: Body): Omit<Body, 'instead' | 'accept'> {
  return {
    ...typed,
    ...(isBlank(typed) && { credential_type: 'keep' }),
    ...(typeof instead === 'string' && { agent_url: instead }),
    ...(typeof accept === 'string' && { fingerprint: accept, ca: '' }),
  }
}

const isBlank = ({ credential_type: type, ...typed }: Typed): boolean =>
  type !== 'none' &&
  [typed.credential_token, typed.credential_username, typed.credential_password, typed.credential_headers].every(
    (one) => one === undefined || one === '',
  )

type Typed = { [Name in (typeof ofCredentialForm)[number] | 'credential' | 'agent_url']?: unknown }

/** A user name and password in the URL become what the form has fields for: a URL is shown in many places. */
export function withLoginTaken<Body extends Typed>(body: Body): Body {
  const isGiven = body.credential !== undefined || chosenType(body) !== undefined
  const taken = typeof body.agent_url === 'string' && !isGiven ? takeLogin(body.agent_url) : undefined
  if (!taken) return body
  return {
    ...body,
    agent_url: taken.url,
    credential_type: 'basic',
    credential_username: taken.username,
    credential_password: taken.password,
  }
}

/** The fields of the form as the credential that they make; of `none`, what `removed` is. */
export function readCredentialForm<Body extends Typed>(
  body: Body,
  removed: null | undefined,
): Omit<Body, (typeof ofCredentialForm)[number]> {
  const {
    credential_type: _,
    credential_token: token,
    credential_username: username,
    credential_password: password,
    credential_headers: headers,
    ...request
  } = body
  const type = chosenType(body)
  if (type === undefined)
    return body.credential_type === 'none' && removed === null ? { ...request, credential: null } : request
  return { ...request, credential: { type, ...typedFor(type, { token, username, password, headers }) } }
}

function typedFor(type: string, { token, username, password, headers }: Record<string, unknown>) {
  if (type === 'bearer') return { token }
  return type === 'basic' ? { username, password } : { headers: linesAsHeaders(headers) }
}

/** `Name: value` each. */
function linesAsHeaders(typed: unknown): unknown {
  if (typeof typed !== 'string') return typed
  const lines = typed.split(/\r?\n/).filter((line) => line.trim() !== '')
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = line, value = ''] = /^([^:]*):(.*)$/.exec(line) ?? []
      return [name.trim(), value.trim()]
    }),
  )
}

/** In the form for a new agent, an empty field changes nothing of one that is registered already. */
export function withoutEmpty<Request extends { ca?: unknown; fingerprint?: unknown; health_path?: unknown }>(
  request: Request,
): Request {
  const { ca, fingerprint, health_path: path, ...rest } = request
  const given = Object.entries({ ca, fingerprint, health_path: path }).filter(
    ([, value]) => value !== undefined && !(typeof value === 'string' && value.trim() === ''),
  )
  return { ...rest, ...Object.fromEntries(given) } as Request
}

function chosenType({ credential_type: type }: Typed): string | undefined {
  return typeof type === 'string' && !['', 'keep', 'none'].includes(type) ? type : undefined
}
