import { isJson } from '../../shared/json.ts'
import type { Reply } from './exchange.ts'

const maxStatusText = 60

/** `502 Bad Gateway` */
export function statusLine({ status, statusText }: Pick<Reply, 'status' | 'statusText'>): string {
  return statusText ? `${status} ${statusText.slice(0, maxStatusText)}` : String(status)
}

export function isOk({ status }: Pick<Reply, 'status'>): boolean {
  return status >= 200 && status <= 299
}

/** Express sends whatever text it is given as HTML, JSON too: what begins with no tag is no page. */
export function isWebPage({ contentType, text }: Pick<Reply, 'contentType' | 'text'>): boolean {
  const start = text.slice(0, 200)
  return /^\s*<(!doctype|html|head|body)/i.test(start) || (contentType.includes('text/html') && /^\s*</.test(start))
}

/** Whether an answer is JSON: an object or a list, or any value where it says so. A bare "404" is text. */
export function isJsonAnswer({ contentType, text }: Pick<Reply, 'contentType' | 'text'>): boolean {
  return (/^\s*[{[]/.test(text) || /\bjson\b/.test(contentType)) && isJson(text)
}

const proxies =
  /nginx|openresty|apache|caddy|envoy|haproxy|traefik|varnish|squid|cloudflare|cloudfront|awselb|google frontend/i

/** Whether an error seems to be that of a proxy whose agent is away: an agent speaks for itself, in JSON. */
export function isFromProxy(reply: Pick<Reply, 'status' | 'contentType' | 'headers' | 'text'>): boolean {
  if (isWebPage(reply)) return true
  if (/\bjson\b/.test(reply.contentType)) return false
  const { server = '', via } = reply.headers
  return proxies.test(server) || via !== undefined || reply.status === 502 || reply.status === 504
}

/**
 * Whether an answer that cannot be read as JSON was meant to be JSON: it says so, or it says nothing and begins like
 * JSON.
 */
export function isBrokenJson({ contentType, text }: Pick<Reply, 'contentType' | 'text'>): boolean {
  const type = contentType.split(';')[0]!.trim()
  if (type === '') return /^\s*[{["]/.test(text)
  return /^application\/(?:[\w.-]+\+)?json$/.test(type) && !isLines(text)
}

/** JSON values one a line: a stream of results. */
function isLines(text: string): boolean {
  const lines = text.trim()
  const ends = [lines.slice(0, lines.indexOf('\n')), lines.slice(lines.lastIndexOf('\n') + 1)]
  return lines.includes('\n') && ends.every((line) => /^\s*\{.*\}\s*$/.test(line))
}
