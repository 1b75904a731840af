import { createHash } from 'node:crypto'
import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { dashboardHeader } from '../../shared/dashboard-header.ts'

import { utc, type Zone } from '../../shared/time/zone.ts'
import { version } from '../../version.ts'

import { loggedOutHeader } from './htmx.ts'

/** How many agents are down. */
export const agentsDownHeader = 'x-agents-down'
export const faultHeader = 'x-storage-fault'
/** A newer dashboard has changed the database. */
export const outdatedHeader = 'x-outdated'
/** When the last check of an agent ended. */
export const checkedAtHeader = 'x-checked-at'

const kept = { 'cache-control': 'private, no-cache', vary: 'accept, hx-request, cookie' }

export function tagIn(zone: Zone, tag: string): string {
  return zone === utc ? tag : tag.replace(/"$/, `.${zone.name}"`)
}

/** Every dashboard gives the same. What the browser keeps current, such as how long ago something was, does not count. */
export function contentTag(shown: object): string {
  const text = JSON.stringify([version, shown], (name, value) => {
    if (keptCurrent.has(name)) return undefined
    return value instanceof Map || value instanceof Set ? [...value] : value
  })
  return `W/"${createHash('sha1').update(text).digest('base64url')}"`
}

const keptCurrent = new Set(['relative', 'took', 'soFarSeconds'])
export function tagAs(reply: FastifyReply, tag: string): FastifyReply {
  return reply.header('etag', tag).headers(kept)
}

/** Compared weakly (RFC 9110, 13.1.2). */
export function hasTag({ headers }: FastifyRequest, tag: string, alike?: () => string): boolean {
  const known = headers['if-none-match']
  if (known === undefined) return false
  if (known === tag) return true
  const tags = known.split(',').map((one) => one.trim().replace(/^W\//, ''))
  const isNamed = (one: string) => tags.includes(one.replace(/^W\//, ''))
  return tags.includes('*') || isNamed(tag) || (alike !== undefined && isNamed(alike()))
}

/** Without the security headers: there is no page to protect, and they cost as much as the rest. */
export function unchangedHeaders(reply: FastifyReply, tag: string): OutgoingHttpHeaders {
  return { etag: tag, ...kept, [dashboardHeader]: '1', ...ofNow(reply) }
}

export function sendUnchanged(reply: FastifyReply, tag: string, headers = unchangedHeaders(reply, tag)): void {
  reply.hijack()
  reply.raw.writeHead(304, headers).end()
}

export function notModified(reply: FastifyReply): FastifyReply {
  return reply.code(304).headers(ofNow(reply)).send()
}

/** A browser keeps the headers of its copy that a 304 does not name: what is over has to be said too. */
function ofNow(reply: FastifyReply): Record<string, string> {
  const headers: Record<string, string> = { [faultHeader]: '', [outdatedHeader]: '', [loggedOutHeader]: '' }
  for (const name of headersOfNow) {
    const value = reply.getHeader(name)
    if (value !== undefined) headers[name] = String(value)
  }
  return headers
}

const headersOfNow = [faultHeader, outdatedHeader, loggedOutHeader, agentsDownHeader, checkedAtHeader]

export function isKnown(request: FastifyRequest, reply: FastifyReply, tag: string, alike?: () => string): boolean {
  tagAs(reply, tag)
  return hasTag(request, tag, alike)
}
