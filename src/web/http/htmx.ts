import type { FastifyReply, FastifyRequest } from 'fastify'

// Every header that htmx 4 and we exchange stands here.

/** Whether the request was made by htmx for a part of the page, not by a browser for a whole one. */
export function isPartialRequest(request: FastifyRequest): boolean {
  return request.headers['hx-request'] === 'true' && request.headers['hx-history-restore-request'] !== 'true'
}

/** Whether the answer is what the dialog shows, and all of it. */
export function isForDialog(request: FastifyRequest): boolean {
  return isPartialRequest(request) && request.headers['hx-target'] === 'div#dialog-body'
}

/** Whether htmx made the request from the page at one of these paths. */
export function isFromPage({ headers }: FastifyRequest, paths: string[]): boolean {
  const address = headers['hx-current-url']
  if (typeof address !== 'string' || !URL.canParse(address)) return false
  try {
    // Browsers leave some characters as they were typed.
    return paths.map(decodeURIComponent).includes(decodeURIComponent(new URL(address).pathname))
  } catch {
    return false
  }
}

/** Sends the browser to another page: a real navigation, also from within an htmx request. */
export function redirectTo(request: FastifyRequest, reply: FastifyReply, path: string): FastifyReply {
  if (!isPartialRequest(request)) return reply.redirect(path, 303)
  return reply.header('hx-redirect', path).code(200).send('')
}

/** Has the answer put in place as `swap` says, whatever the element that asked for it says. */
export function swapAs(reply: FastifyReply, swap: 'none' | 'outerHTML' | 'innerHTML'): FastifyReply {
  return reply.header('hx-reswap', swap)
}

/** Whether htmx sends a form, rather than to follow a link or to poll a region. */
export function isFormRequest(request: FastifyRequest): boolean {
  return isPartialRequest(request) && String(request.headers['hx-source']).startsWith('form')
}

/** Has the browser show this address for what the answer shows, and come back to it. */
export function pushAs(reply: FastifyReply, path: string): FastifyReply {
  return reply.header('hx-push-url', path)
}
