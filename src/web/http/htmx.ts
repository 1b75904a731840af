import type { FastifyReply, FastifyRequest } from 'fastify'
import { published } from './base-path.ts'
import { type Done, keepDone } from './cookies/done.ts'
import { ownAddress } from './own-address.ts'

// Every header that we exchange with htmx 4.

/** Ours: the session that a page was made for may have ended. */
export const loggedOutHeader = 'x-logged-out'

export function isPartialRequest(request: FastifyRequest): boolean {
  return request.headers['hx-request'] === 'true' && request.headers['hx-history-restore-request'] !== 'true'
}

export function isForElement(request: FastifyRequest, id: string): boolean {
  return String(request.headers['hx-target']).endsWith(`#${id}`)
}

export function isForDialog(request: FastifyRequest): boolean {
  return isPartialRequest(request) && request.headers['hx-target'] === 'div#dialog-body'
}

export function isFromPage({ headers }: FastifyRequest, pages: string[]): boolean {
  const address = headers['hx-current-url']
  if (typeof address !== 'string' || !URL.canParse(address)) return false
  try {
    // Browsers leave some characters unencoded.
    const path = published(ownAddress(new URL(address).pathname))
    return pages.map(decodeURIComponent).includes(decodeURIComponent(path))
  } catch {
    return false
  }
}

/** The next page says what was `done`. */
export function redirectTo(request: FastifyRequest, reply: FastifyReply, path: string, done?: Done): FastifyReply {
  if (done) keepDone(reply, done)
  if (!isPartialRequest(request)) return reply.redirect(path, 303)
  return reply.header('hx-redirect', path).code(200).send('')
}

export function swapAs(reply: FastifyReply, swap: 'none' | 'outerHTML' | 'innerHTML'): FastifyReply {
  return reply.header('hx-reswap', swap)
}

export function isFormRequest(request: FastifyRequest): boolean {
  return isPartialRequest(request) && String(request.headers['hx-source']).startsWith('form')
}

export function pushAs(reply: FastifyReply, path: string): FastifyReply {
  return reply.header('hx-push-url', path)
}

export function replaceAs(reply: FastifyReply, path: string): FastifyReply {
  return reply.header('hx-replace-url', path)
}
