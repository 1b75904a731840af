import type { AgentCredential } from '../../orchestrator/credentials/sealing.ts'
import type { FieldError } from '../../shared/errors.ts'

type Typed = Record<string, unknown>
type Known = { ca?: string | undefined; fingerprint?: string | undefined; healthPath?: string | undefined }

/** Of each type of credential. */
const firstFields: Record<string, string> = {
  bearer: 'credential_token',
  basic: 'credential_username',
  headers: 'credential_headers',
}
const kinds = { bearer: 'Bearer token', basic: 'User name and password', headers: 'Headers' }

/** `typed` is undefined where the form is opened; `at` is what it is opened for, or what a test asks for. */
type Shown = {
  typed: Typed | undefined
  errors?: FieldError[] | undefined
  at?: 'credential' | 'certificate' | undefined
}

/** What was typed is printed again, so that nothing is lost; what is saved never is. */
export function presentAccessFields(
  id: string,
  saved: AgentCredential | undefined,
  known: Known,
  { typed, errors = [], at }: Shown,
) {
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const errorAt = (...names: string[]) => errors.find(({ field }) => names.includes(field))?.message ?? ''
  const usual = saved ? 'keep' : 'none'
  const given = text(typed?.credential_type)
  const typedType = given === '' || given === 'keep' ? usual : given
  const isToEnter = at === 'credential' && ['keep', 'none'].includes(typedType)
  const chosen = isToEnter ? (saved?.kind ?? 'bearer') : typedType
  const isLocked = at === 'credential' || errorAt('credential') !== ''
  const wanted = at === 'certificate' ? 'fingerprint' : isLocked ? firstFields[chosen] : undefined
  const field = (name: string, from = name, before: string | undefined = '') => ({
    id: `${id}-${name.replaceAll('_', '-')}`,
    name,
    value: typed ? text(typed[name]) : before,
    error: errorAt(from),
    isFocused: errorAt(from) !== '' || name === wanted,
  })
  const choices = [
    ...(saved ? [['keep', `Keep the saved ${kinds[saved.kind].toLowerCase()}`]] : []),
    ['none', saved ? 'Remove it' : 'None'],
    ...Object.entries(kinds),
  ].map(([value, label]) => ({ value, label, id: `${id}-credential-${value}`, isChosen: value === chosen }))
  const fields = {
    token: field('credential_token', 'credential.token'),
    username: field('credential_username', 'credential.username'),
    password: field('credential_password', 'credential.password'),
    headers: field('credential_headers', 'credential.headers'),
    ca: field('ca', 'ca', known.ca),
    fingerprint: field('fingerprint', 'fingerprint', known.fingerprint),
    healthPath: field('health_path', 'health_path', known.healthPath),
  }
  const error = errorAt('credential', 'credential.type')
  const isWrong = error !== '' || Object.values(fields).some((one) => one.error !== '')
  return {
    ...fields,
    choices,
    error,
    note: noteOf(saved),
    isOpen: isWrong || at !== undefined || (typed !== undefined && isUsed(chosen, fields)),
  }
}

export type AccessFields = ReturnType<typeof presentAccessFields>

function isUsed(chosen: string, fields: Record<string, { value: string }>): boolean {
  return !['keep', 'none'].includes(chosen) || Object.values(fields).some(({ value }) => value !== '')
}

function noteOf(saved: AgentCredential | undefined): string {
  if (!saved) return ''
  const { kind, origin, isReadable } = saved
  if (!isReadable) return `The saved ${kinds[kind].toLowerCase()} cannot be read with the key there is. Enter it again.`
  return `${kinds[kind]} saved, and sent to ${origin} alone.`
}
