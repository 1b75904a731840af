import { parseAddress } from '../../agent/http/address.ts'
import { hostAndPort } from '../../shared/endpoint.ts'
import { BadAddressError, type FieldError, InvalidInputError } from '../../shared/errors.ts'
import { pageNames } from '../../shared/reserved-ids.ts'
import { isVisible } from '../../shared/text/visible.ts'
import { type AccessEdit, type AccessRequest, readAccess } from '../credentials/access.ts'

export type RegistrationRequest = AccessRequest & {
  agent_id?: unknown
  agent_name?: unknown
  agent_url?: unknown
  description?: unknown
  metadata?: unknown
  anyway?: unknown
}

export type Registration = {
  id: string
  name: string
  url: string
  host: string
  port: number
  ttlSeconds: number
  /** JSON text that includes the description. */
  metadata: string | null
  registeredBy: 'hand' | 'self'
  /** Without it, the agent is called as before. */
  access?: AccessEdit
}

export const defaultTtlSeconds = 60
export const maxTtlSeconds = 3600
/** The width of the Python program's column. */
export const maxMetadataLength = 4000

/** Throws InvalidInputError with every wrong field, or BadAddressError when only the URL is wrong. */
export function readRegistration(request: RegistrationRequest): Registration & { access: AccessEdit } {
  const errors: FieldError[] = []
  const id = readText(request.agent_id, 'agent_id', 'Agent ID', 255, errors)
  const name = readName(request.agent_name, errors)
  if (id !== '') errors.push(...idErrors(id))
  if (pageNames.has(id)) {
    errors.push({ field: 'agent_id', message: `"${id}" is a page of the dashboard; choose another id.` })
  }
  const metadata = readMetadata(request, errors)
  const ttlSeconds = readTtl(metadata, errors)
  const access = readAccess(request, errors)
  checkAnyway(request.anyway, errors)

  const address = readText(request.agent_url, 'agent_url', 'Agent URL', Number.POSITIVE_INFINITY, errors)

  let url = ''
  try {
    if (address !== '') url = parseAddress(address)
  } catch (error) {
    if (!(error instanceof BadAddressError) || errors.length === 0) throw error
    errors.push(...error.fields)
  }
  if (errors.length > 0) throw new InvalidInputError(errors)
  const written = JSON.stringify(metadata)
  return { id, name, url, ...hostAndPort(url), ttlSeconds, metadata: written, registeredBy: 'hand', access }
}

export function readText(value: unknown, field: string, label: string, max: number, errors: FieldError[]): string {
  const fail = (message: string) => {
    errors.push({ field, message })
    return ''
  }
  if (value === undefined || value === null) return fail(`${label} is required.`)
  if (typeof value !== 'string') return fail(`${label} must be a string.`)
  const text = value.trim()
  if (text === '') return fail(`${label} is required.`)
  const { length } = Array.from(text)
  if (length > max) return fail(`${label} may have at most ${max} characters, and this has ${length}.`)
  return text
}

export function readName(value: unknown, errors: FieldError[]): string {
  const name = readText(value, 'agent_name', 'Agent name', 256, errors)
  if (name !== '' && !isVisible(name)) {
    errors.push({ field: 'agent_name', message: 'This name has no visible characters. Use letters or digits.' })
  }
  return name
}

export function idErrors(id: string): FieldError[] {
  const fail = (message: string) => [{ field: 'agent_id', message }]
  if (id.includes('/')) return fail('Agent ID may not contain "/".')
  if (/\p{Cc}/u.test(id)) return fail('Agent ID may not contain control characters.')
  // Browsers take these as steps in the path, even percent-encoded; a lone surrogate cannot be encoded.
  if (id === '.' || id === '..' || !id.isWellFormed()) return fail('This Agent ID cannot stand in a URL.')
  return []
}

/** A button of a form sends 1. */
export function checkAnyway(value: unknown, errors: FieldError[]): void {
  if ([undefined, null, true, false, 0, '', '0', '1', 'true', 'false'].includes(value as string)) return
  errors.push({ field: 'anyway', message: 'anyway must be true or false.' })
}

function readMetadata({ metadata, description }: RegistrationRequest, errors: FieldError[]): Record<string, unknown> {
  const given = metadata ?? {}
  if (typeof given !== 'object' || Array.isArray(given)) {
    errors.push({ field: 'metadata', message: 'Metadata must be an object.' })
    return {}
  }
  const own = typeof description === 'string' ? description.trim() : (description ?? '')
  const all: Record<string, unknown> = { ...given, ...(own === '' ? {} : { description: own }) }
  if (typeof (all.description ?? '') !== 'string') {
    errors.push({ field: 'description', message: 'Description must be a string.' })
  } else if (writtenLength(all) > maxMetadataLength) {
    const field = own === '' ? 'metadata' : 'description'
    errors.push({
      field,
      message: `This is too long: description and metadata may have ${maxMetadataLength} characters together.`,
    })
  }
  return all
}

function writtenLength(metadata: Record<string, unknown>): number {
  try {
    return JSON.stringify(metadata).length
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

function readTtl({ ttl_seconds: ttl = defaultTtlSeconds }: Record<string, unknown>, errors: FieldError[]): number {
  if (Number.isInteger(ttl) && Number(ttl) >= 1 && Number(ttl) <= maxTtlSeconds) return Number(ttl)
  errors.push({
    field: 'metadata.ttl_seconds',
    message: `ttl_seconds must be a whole number from 1 to ${maxTtlSeconds}.`,
  })
  return defaultTtlSeconds
}
