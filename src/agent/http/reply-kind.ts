import { isJson } from '../../shared/json.ts'
import type { Reply } from './exchange.ts'

const maxStatusText = 60

export function statusLine({ status, statusText }: Pick<Reply, 'status' | 'statusText'>): string {
  return statusText ? `${status} ${statusText.slice(0, maxStatusText)}` : String(status)
}

export function isOk({ status }: Pick<Reply, 'status'>): boolean {
  return status >= 200 && status <= 299
}

/** Express sends any text as HTML, even JSON. */
export function isWebPage({ contentType, text }: Pick<Reply, 'contentType' | 'text'>): boolean {
  const start = text.slice(0, 200)
  return /^\s*<(!doctype|html|head|body)/i.test(start) || (contentType.includes('text/html') && /^\s*</.test(start))
}

/** A bare "404" is text, unless it is declared as JSON. */
export function isJsonAnswer({ contentType, text }: Pick<Reply, 'contentType' | 'text'>): boolean {
  return (/^\s*[{[]/.test(text) || /\bjson\b/.test(contentType)) && isJson(text)
}

const proxies =
  /nginx|openresty|apache|caddy|envoy|haproxy|traefik|varnish|squid|cloudflare|cloudfront|awselb|google frontend/i

/** Whether a proxy answered because its agent is down: an agent answers in JSON. */
export function isFromProxy(reply: Pick<Reply, 'status' | 'contentType' | 'headers' | 'text'>): boolean {
  if (isWebPage(reply)) return true
  if (/\bjson\b/.test(reply.contentType)) return false
  const { server = '', via } = reply.headers
  return proxies.test(server) || via !== undefined || reply.status === 502 || reply.status === 504
}

/** Whether unreadable JSON was meant to be JSON: it is declared as such, or has no type and starts like JSON. */
export function isBrokenJson({ contentType, text }: Pick<Reply, 'contentType' | 'text'>): boolean {
  const type = contentType.split(';')[0]!.trim()
  if (type === '') return /^\s*[{["]/.test(text)
  return /^application\/(?:[\w.-]+\+)?json$/.test(type) && !isLines(text)
}

function isLines(text: string): boolean {
  const lines = text.trim()
  const ends = [lines.slice(0, lines.indexOf('\n')), lines.slice(lines.lastIndexOf('\n') + 1)]
  return lines.includes('\n') && ends.every((line) => /^\s*\{.*\}\s*$/.test(line))
}
