import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { dashboardHeader } from '../../shared/dashboard-header.ts'
import { utc, type Zone } from '../../shared/time/zone.ts'
import { loggedOutHeader } from './htmx.ts'

export const faultHeader = 'x-storage-fault'

const kept = { 'cache-control': 'private, no-cache', vary: 'accept, hx-request, cookie' }

/** The tag of what shows times in a zone. */
export function tagIn(zone: Zone, tag: string): string {
  return zone === utc ? tag : tag.replace(/"$/, `.${zone.name}"`)
}

export function contentTag(model: object): string {
  return `W/"${createHash('sha1').update(JSON.stringify(model)).digest('base64url')}"`
}

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
export function sendUnchanged(reply: FastifyReply, tag: string): void {
  const now = ofNow(reply)
  reply.hijack()
  reply.raw.writeHead(304, { etag: tag, ...kept, [dashboardHeader]: '1', ...now }).end()
}

export function notModified(reply: FastifyReply): FastifyReply {
  return reply.code(304).headers(ofNow(reply)).send()
}

/** A browser keeps the headers of its copy that a 304 does not name: what is over has to be said too. */
function ofNow(reply: FastifyReply) {
  return {
    [faultHeader]: String(reply.getHeader(faultHeader) ?? ''),
    [loggedOutHeader]: String(reply.getHeader(loggedOutHeader) ?? ''),
  }
}

export function isKnown(request: FastifyRequest, reply: FastifyReply, tag: string, alike?: () => string): boolean {
  tagAs(reply, tag)
  return hasTag(request, tag, alike)
}
