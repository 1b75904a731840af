import { hostAndPort, isSameEndpoint, urlOfEndpoint } from '../../shared/endpoint.ts'
import { type FieldError, InvalidInputError } from '../../shared/errors.ts'
import type { Agent } from './agent.ts'
import {
  defaultTtlSeconds,
  idErrors,
  maxMetadataLength,
  maxTtlSeconds,
  type Registration,
  readText,
} from './registration.ts'

export type SelfRegistrationRequest = {
  agent_id?: unknown
  agent_name?: unknown
  host?: unknown
  port?: unknown
  ttl_seconds?: unknown
  metadata?: unknown
}

/** An agent that comes back at the same endpoint keeps its URL. Throws InvalidInputError with every wrong field. */
export function readSelfRegistration(request: SelfRegistrationRequest, known: (id: string) => Agent | undefined) {
  const errors: FieldError[] = []
  // Spaces are kept: under that very id the agent will beat.
  const id = readText(request.agent_id, 'agent_id', 'Agent ID', 255, errors) && String(request.agent_id)
  if (id !== '') errors.push(...idErrors(id))
  const name = readText(request.agent_name, 'agent_name', 'Agent name', 256, errors)
  const host = readText(request.host, 'host', 'Host', 256, errors)
  if (host !== '' && !isHost(host))
    errors.push({ field: 'host', message: 'Host must be a host name or an IP address.' })
  const port = readWhole(request.port, 'port', 65_535, errors)
  const { ttl_seconds: ttl = defaultTtlSeconds } = request
  const ttlSeconds = readWhole(ttl, 'ttl_seconds', maxTtlSeconds, errors)
  const metadata = readMetadata(request.metadata, errors)
  if (errors.length > 0) throw new InvalidInputError(errors)

  const plain = urlOfEndpoint(host, port)
  const before = known(id)
  const url = before && isSameEndpoint(before.url, plain) ? before.url : plain
  return { id, name, url, host, port, ttlSeconds, metadata, registeredBy: 'self' } satisfies Registration
}

function isHost(host: string): boolean {
  const url = urlOfEndpoint(host, 1)
  // The URL parser drops tabs and line ends.
  if (/\p{Cc}/u.test(host) || !URL.canParse(url)) return false
  const { username, pathname, search, hash } = new URL(url)
  return username === '' && pathname === '/' && search === '' && hash === '' && hostAndPort(url).port === 1
}

function readWhole(value: unknown, field: string, max: number, errors: FieldError[]): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value
  errors.push({
    field,
    message: value === undefined ? `${field} is required.` : `${field} must be a whole number from 1 to ${max}.`,
  })
  return 1
}

function readMetadata(value: unknown, errors: FieldError[]): string | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string') errors.push({ field: 'metadata', message: 'Metadata must be a string or null.' })
  else if (value.length <= maxMetadataLength) return value
  else errors.push({ field: 'metadata', message: `Metadata may have at most ${maxMetadataLength} characters.` })
  return null
}
