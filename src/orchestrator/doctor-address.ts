import { parseAddress } from '../agent/address.ts'
import { BadAddressError } from '../errors.ts'
import { type Finding, fail, pass, shown, warn } from './finding.ts'
import type { Agent } from './registry.ts'

export type KnownAgent = Pick<Agent, 'id' | 'name' | 'url' | 'description'>

const endpoint = /\/(health|health\/live|schema|run|status|status\/[^/]+|docs|redoc|openapi\.json)$/i
const allAddresses = new Set(['0.0.0.0', '[::]'])
const ownNames = new Set(['localhost', '127.0.0.1', '[::1]', ...allAddresses])

/** The base URL that was typed, or what is wrong with it and what may have been meant. */
export function readTyped(typed: unknown): { url: string } | { mistake: Finding } {
  const text = typeof typed === 'string' ? typed.trim() : ''
  try {
    return { url: parseAddress(text) }
  } catch (error) {
    if (!(error instanceof BadAddressError)) throw error
    const guess = guessed(text)
    return { mistake: fail(shown(error.message, 300), guess ? tryIt(guess) : adviceOn(text), guess) }
  }
}

export const tryIt = (url: string): string => `Try ${shown(url)}.`

/** The agent that is registered at this place. */
export function registeredAt(url: string, agents: KnownAgent[]): KnownAgent | undefined {
  const place = placeOf(url)
  return agents.find((agent) => placeOf(agent.url) === place)
}

/** What is to be said of a base URL before anything is asked. */
export function aboutAddress(url: string, registered: KnownAgent | undefined, typedId: unknown): Finding {
  const ending = endpoint.exec(new URL(url).pathname)?.[0]
  if (ending !== undefined) {
    const base = withoutEndpoint(url)
    return warn(`It ends in ${shown(ending, 60)}, which an agent has after its base URL.`, tryIt(base), base)
  }
  if (!registered) return pass(`The base URL is ${shown(url)}.`)
  const { id, name } = registered
  if (typeof typedId === 'string' && typedId.trim() === id) {
    return pass(`It is registered under this ID, as ${shown(name, 60)}; registering again updates it.`)
  }
  return warn(
    `It is registered already: ${shown(name, 60)}, with the ID "${shown(id, 60)}".`,
    'Saving it under another ID makes a second entry. Use that ID to update the one there is.',
  )
}

/** Where the host stands for all addresses of a machine, as servers print it: one that can be called. */
export function callable(url: string): string | undefined {
  return allAddresses.has(new URL(url).hostname) ? withHost(url, 'localhost') : undefined
}

/** Base URLs under which an agent may be found when it is not at `url`: without an endpoint, and without any path. */
export function basesOf(url: string): string[] {
  return [...new Set([withoutEndpoint(url), new URL(url).origin])].filter((base) => base !== url)
}

export function withScheme(url: string, scheme: 'http' | 'https'): string {
  return url.replace(/^https?/, scheme)
}

function withoutEndpoint(url: string): string {
  return url.replace(endpoint, '').replace(/\/+$/, '')
}

function withHost(url: string, host: string): string {
  const { protocol, port, pathname } = new URL(url)
  return `${protocol}//${host}${port && `:${port}`}${pathname.replace(/\/$/, '')}`
}

/** A machine has several names for itself. */
function placeOf(url: string): string {
  return URL.canParse(url) && ownNames.has(new URL(url).hostname) ? withHost(url, 'localhost') : url
}

function guessed(text: string): string | undefined {
  const end = text.search(/[?#]/)
  const base = end < 0 ? text : text.slice(0, end)
  const full = withMissing(base)
  try {
    const url = withoutEndpoint(parseAddress(full))
    return callable(url) ?? url
  } catch {
    return undefined
  }
}

/** A port alone, or a host without a scheme, is what people copy from what a server prints. */
function withMissing(base: string): string {
  if (/^:?\d{1,5}$/.test(base)) return `http://localhost:${base.replace(':', '')}`
  if (base.startsWith('//')) return `http:${base}`
  return /^(localhost|[^/:]+[.:])/i.test(base) && !/:\/\/|[\\\s]/.test(base) ? `http://${base}` : base
}

function adviceOn(text: string): string {
  if (text === '') return 'Paste the URL that the agent printed when it started.'
  if (/:\d+(\/|$)/.test(text)) return 'Ports go from 1 to 65535; the agent printed its own when it started.'
  if (/^https?:\/\/[^/]*@/i.test(text)) return 'Leave them out; put a proxy before the agent if it needs a login.'
  return 'Compare it with the URL that the agent printed when it started.'
}
