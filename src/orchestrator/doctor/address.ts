import { type AddressFault, readAddress } from '../../agent/http/address.ts'
import type { Endpoints } from '../../agent/protocol.ts'
import type { Result } from '../../shared/result.ts'
import type { Agent } from '../registry/agent.ts'
import { type Finding, fail, pass, shown, warn } from './finding.ts'

export type KnownAgent = Pick<Agent, 'id' | 'name' | 'url' | 'description'> &
  Partial<Pick<Agent, 'credential' | 'ca' | 'fingerprint' | 'healthPath'>>

const allAddresses = new Set(['0.0.0.0', '[::]'])
const ownNames = new Set(['localhost', '127.0.0.1', '[::1]', ...allAddresses])

export function readTyped(typed: unknown, endpoints: Endpoints): Result<string, Finding> {
  const text = typeof typed === 'string' ? typed.trim() : ''
  const read = readAddress(text)
  if (typeof read === 'string') return { value: read }
  const guess = text.includes('@') ? undefined : guessed(text, endpoints)
  return { error: fail(shown(read.message, 300), guess ? tryIt(guess) : advice[read.fault], guess) }
}

export const tryIt = (url: string): string => `Try ${shown(url)}.`

export function registeredAt(url: string, agents: KnownAgent[]): KnownAgent | undefined {
  const normalized = withOneLocalName(url)
  return agents.find((agent) => withOneLocalName(agent.url) === normalized)
}

export function aboutAddress(
  url: string,
  endpoints: Endpoints,
  registered: KnownAgent | undefined,
  typedId: unknown,
): Finding {
  const ending = endpoints.atEnd.exec(new URL(url).pathname)?.[0]
  if (ending !== undefined) {
    const base = withoutEndpoint(url, endpoints)
    return warn(`It ends in ${shown(ending, 60)}, which an agent has after its base URL.`, tryIt(base), base)
  }
  if (!registered) return pass(`The base URL is ${shown(url)}.`)
  const { id, name } = registered
  if (typeof typedId === 'string' && typedId.trim() === id) {
    return pass(`Already registered under this ID, as ${shown(name, 60)}; registering again updates it.`)
  }
  return warn(
    `Already registered: ${shown(name, 60)}, with the ID "${shown(id, 60)}".`,
    'Use that ID to update it. Another ID adds a second entry.',
  )
}

/** Servers print listen addresses. */
export function callable(url: string): string | undefined {
  return allAddresses.has(new URL(url).hostname) ? withHost(url, 'localhost') : undefined
}

export function basesOf(url: string, endpoints: Endpoints): string[] {
  return [...new Set([withoutEndpoint(url, endpoints), new URL(url).origin])].filter((base) => base !== url)
}

export function isOwnHost(url: string): boolean {
  return ownNames.has(new URL(url).hostname)
}

export function withScheme(url: string, scheme: 'http' | 'https'): string {
  return url.replace(/^https?/, scheme)
}

function withoutEndpoint(url: string, { atEnd }: Endpoints): string {
  return url.replace(atEnd, '').replace(/\/+$/, '')
}

function withHost(url: string, host: string): string {
  const { protocol, port, pathname } = new URL(url)
  return `${protocol}//${host}${port && `:${port}`}${pathname.replace(/\/$/, '')}`
}

/** A machine has several names for itself. */
function withOneLocalName(url: string): string {
  return URL.canParse(url) && ownNames.has(new URL(url).hostname) ? withHost(url, 'localhost') : url
}

function guessed(text: string, endpoints: Endpoints): string | undefined {
  const end = text.search(/[?#]/)
  const read = readAddress(withMissing(end < 0 ? text : text.slice(0, end)))
  if (typeof read !== 'string') return undefined
  const url = withoutEndpoint(read, endpoints)
  return callable(url) ?? url
}

/** People copy a port alone, or a host without a scheme or with half of one. */
function withMissing(base: string): string {
  const [, scheme = 'http', rest = base] = /^(https?)(?::\/{0,2}|;?\/{1,3})(.*)$/i.exec(base) ?? []
  if (/^:?\d{1,5}$/.test(rest)) return `${scheme}://localhost:${rest.replace(':', '')}`
  const host = rest.replace(/^\/\//, '').replace(/^:(?=\d{1,5}(?:\/|$))/, 'localhost:')
  return /^(localhost|[^/:]+[.:])/i.test(host) && !/:\/\/|[\\\s]/.test(host) ? `${scheme}://${host}` : base
}

const copyIt = 'Compare it with the URL that the agent printed when it started.'
const advice: Record<AddressFault['fault'], string> = {
  empty: 'Paste the URL that the agent printed when it started.',
  long: copyIt,
  scheme: copyIt,
  invalid: copyIt,
  tail: copyIt,
  port: 'Ports go from 1 to 65535; the agent printed its own when it started.',
  credentials: 'Leave them out, and enter them under “Credential and certificate”.',
  zone: 'Use an address of the agent that other machines can reach.',
}
