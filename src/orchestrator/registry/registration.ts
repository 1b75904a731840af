import { parseAddress } from '../../agent/http/address.ts'
import { hostAndPort } from '../../shared/endpoint.ts'
import { BadAddressError, type FieldError, InvalidInputError } from '../../shared/errors.ts'
import { pageNames } from '../../shared/reserved-ids.ts'

/** A registration as it was sent to us: nothing of it has been looked at yet. */
export type RegistrationRequest = {
  agent_id?: unknown
  agent_name?: unknown
  agent_url?: unknown
  description?: unknown
  metadata?: unknown
  /** Save it although it does not answer. */
  anyway?: unknown
}

export type Registration = {
  id: string
  name: string
  url: string
  host: string
  port: number
  ttlSeconds: number
  /** What is kept as the agent's metadata: JSON text, of which the description is part. */
  metadata: string | null
  registeredBy: 'hand' | 'self'
}

export const defaultTtlSeconds = 60
export const longestTtlSeconds = 3600
/** The width of the column that the Python program gave it. */
export const longestMetadata = 4000

/**
 * What a registration says, checked. Throws InvalidInputError with every field that is wrong, or BadAddressError when
 * the URL alone is.
 */
export function readRegistration(request: RegistrationRequest): Registration {
  const errors: FieldError[] = []
  const id = readText(request.agent_id, 'agent_id', 'Agent ID', 255, errors)
  const name = readText(request.agent_name, 'agent_name', 'Agent name', 256, errors)
  if (id !== '') errors.push(...idMistakes(id))
  if (pageNames.has(id)) {
    errors.push({ field: 'agent_id', message: `"${id}" is a page of the dashboard; choose another id.` })
  }
  const metadata = readMetadata(request, errors)
  const ttlSeconds = readTtl(metadata, errors)

  const address = readText(request.agent_url, 'agent_url', 'Agent URL', Number.POSITIVE_INFINITY, errors)

  let url = ''
  try {
    if (address !== '') url = parseAddress(address)
  } catch (error) {
    if (!(error instanceof BadAddressError) || errors.length === 0) throw error
    errors.push(...error.fields)
  }
  if (errors.length > 0) throw new InvalidInputError(errors)
  const place = hostAndPort(url)
  return { id, name, url, ...place, ttlSeconds, metadata: JSON.stringify(metadata), registeredBy: 'hand' }
}

export function readText(value: unknown, field: string, label: string, longest: number, errors: FieldError[]): string {
  const mistake = (message: string) => {
    errors.push({ field, message })
    return ''
  }
  if (value === undefined || value === null) return mistake(`${label} is required.`)
  if (typeof value !== 'string') return mistake(`${label} must be a string.`)
  const text = value.trim()
  if (text === '') return mistake(`${label} is required.`)
  const { length } = Array.from(text)
  if (length > longest) return mistake(`${label} may have at most ${longest} characters, and this has ${length}.`)
  return text
}

export function idMistakes(id: string): FieldError[] {
  const mistake = (message: string) => [{ field: 'agent_id', message }]
  if (id.includes('/')) return mistake('Agent ID may not contain "/".')
  if (/\p{Cc}/u.test(id)) return mistake('Agent ID may not contain control characters.')
  // Browsers take these two for steps in the path, even percent-encoded; a lone surrogate cannot be encoded at all.
  if (id === '.' || id === '..' || !id.isWellFormed()) return mistake('This Agent ID cannot stand in a URL.')
  return []
}

function readMetadata({ metadata, description }: RegistrationRequest, errors: FieldError[]): Record<string, unknown> {
  const given = metadata ?? {}
  if (typeof given !== 'object' || Array.isArray(given)) {
    errors.push({ field: 'metadata', message: 'Metadata must be an object.' })
    return {}
  }
  const own = typeof description === 'string' ? description.trim() : (description ?? '')
  const all: Record<string, unknown> = { ...given, ...(own === '' ? {} : { description: own }) }
  const { description: said } = all
  if (said !== undefined && said !== null && typeof said !== 'string') {
    errors.push({ field: 'description', message: 'Description must be a string.' })
  } else if (writtenLength(all) > longestMetadata) {
    const field = own === '' ? 'metadata' : 'description'
    errors.push({
      field,
      message: `This is too long: description and metadata may have ${longestMetadata} characters together.`,
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
  if (Number.isInteger(ttl) && Number(ttl) >= 1 && Number(ttl) <= longestTtlSeconds) return Number(ttl)
  errors.push({
    field: 'metadata.ttl_seconds',
    message: `ttl_seconds must be a whole number from 1 to ${longestTtlSeconds}.`,
  })
  return defaultTtlSeconds
}
