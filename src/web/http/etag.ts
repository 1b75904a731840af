import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Only the browser that asked may keep the answer, and asks again each time. */
const kept = { 'cache-control': 'private, no-cache', vary: 'accept, hx-request' }

/** The tag of a view by what it prints, for one that changes with the time and seldom. */
export function contentTag(model: object): string {
  return `W/"${createHash('sha1').update(JSON.stringify(model)).digest('base64url')}"`
}

/** Gives an answer its tag. */
export function tagAs(reply: FastifyReply, tag: string): FastifyReply {
  return reply.header('etag', tag).headers(kept)
}

/**
 * Whether who asks has what `tag` stands for, or `alike`, where that does as well: then 304 is the answer. Compared
 * weakly, as RFC 9110 (13.1.2) has it.
 */
export function hasTag({ headers }: FastifyRequest, tag: string, alike?: () => string): boolean {
  const known = headers['if-none-match']
  if (known === undefined) return false
  if (known === tag) return true
  const tags = known.split(',').map((one) => one.trim().replace(/^W\//, ''))
  const isNamed = (one: string) => tags.includes(one.replace(/^W\//, ''))
  return tags.includes('*') || isNamed(tag) || (alike !== undefined && isNamed(alike()))
}

/**
 * Answers 304, with what belongs to it (RFC 9110, 15.4.5) and nothing else: there is no page in it to be kept safe, and
 * the headers for that would cost as much as all the rest of it.
 */
export function sendUnchanged(reply: FastifyReply, tag: string): void {
  reply.hijack()
  reply.raw.writeHead(304, { etag: tag, ...kept }).end()
}

/** Gives an answer its tag, and tells whether who asks has that already. */
export function isKnown(request: FastifyRequest, reply: FastifyReply, tag: string, alike?: () => string): boolean {
  tagAs(reply, tag)
  return hasTag(request, tag, alike)
}
