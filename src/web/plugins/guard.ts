import { isIP } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { publicAddressOf } from '../../config/public-url.ts'
import type { Config } from '../../config.ts'
import { dashboardHeader } from '../../shared/dashboard-header.ts'
import { AppError } from '../../shared/errors.ts'
import { tokenOf } from './actor.ts'

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS'])
const loopbackNames = ['localhost', '127.0.0.1', '::1']

/** Without upgrade-insecure-requests: pages on a plain-http LAN address would stay blank. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Constants: making them for each request costs as much as the rest of the guard. */
const safeHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
  [dashboardHeader]: '1',
}

export class RefusedRequest extends AppError {}

/** Keeps other web pages out. Foreign host names get 421 (DNS rebinding), two hosts 400, and requests from another
 * origin 403, except links that a person follows. */
export const guard = plugin(
  async (
    app: FastifyInstance,
    { host, allowedHosts, publicUrl }: Pick<Config, 'host' | 'allowedHosts' | 'publicUrl'>,
  ) => {
    const { origin } = publicAddressOf({ publicUrl })
    const publicHosts = origin === undefined ? [] : [hostName(new URL(origin).host)]
    const ours = new Set([...loopbackNames, host.toLowerCase(), ...allowedHosts, ...publicHosts])
    /** The last header that matched: nearly all requests repeat it. */
    let named: string | undefined

    function isForUs(request: FastifyRequest): boolean {
      const header = request.headers.host ?? ''
      if (header === named) return true
      const name = hostName(header)
      if (name === undefined) return false
      if (ours.has(name)) named = header
      // Whoever names the address they reached was not sent here under another name.
      return ours.has(name) || (isIP(name) !== 0 && name === unmapped(request.socket.localAddress))
    }

    // With a callback: a promise per request costs more than the check.
    app.addHook('onRequest', (request, reply, done) => {
      reply.headers(safeHeaders)
      done(refusal(request))
    })

    function refusal(request: FastifyRequest): RefusedRequest | undefined {
      if (!namesOneHost(request)) {
        return new RefusedRequest(
          'bad-request',
          400,
          'Name the host once, in the Host header, and only the path in the first line.',
        )
      }
      if (!isForUs(request)) {
        return new RefusedRequest(
          'foreign-host',
          421,
          'This dashboard does not answer to the host name in the request. Add it to CONFIGURABLE_AGENTS_ALLOWED_HOSTS if it should.',
        )
      }
      if (tokenOf(request) !== undefined) return undefined
      const message = readingMethods.has(request.method) ? foreignReading(request) : foreignChange(request, origin)
      return message === undefined ? undefined : new RefusedRequest('foreign-origin', 403, message)
    }
  },
)

/** A proxy may read two Host headers, or a whole URL as target, as another host. */
function namesOneHost({ originalUrl, raw }: FastifyRequest): boolean {
  if (!originalUrl.startsWith('/')) return false
  let hosts = 0
  for (let at = 0; at < raw.rawHeaders.length; at += 2) if (isHostHeader(raw.rawHeaders[at]!)) hosts++
  return hosts <= 1
}

const isHostHeader = (name: string) => name.length === 4 && name.toLowerCase() === 'host'

function hostName(host: string): string | undefined {
  return URL.canParse(`http://${host}`) && !/[/@?#\\]/.test(host)
    ? new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
    : undefined
}

function unmapped(address: string | undefined): string | undefined {
  return address?.replace(/^::ffff:/, '')
}

/** Reading makes us call agents, so only a followed link may. */
function foreignReading({ headers }: FastifyRequest): string | undefined {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return undefined
  const isLink =
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document' &&
    headers['sec-purpose'] === undefined
  return isLink ? undefined : 'Another web page asked for this, so it was refused.'
}

/** Browsers send Sec-Fetch-Site over HTTPS and to localhost, and Origin always. */
function foreignChange({ headers }: FastifyRequest, publicOrigin: string | undefined): string | undefined {
  const site = headers['sec-fetch-site']
  if (site === 'same-origin') return undefined
  if (site !== undefined && site !== 'none') return foreignChangeMessage
  const { origin, host } = headers
  if (origin === undefined || origin === publicOrigin) return undefined
  if (!URL.canParse(origin)) return foreignChangeMessage
  const from = new URL(origin).host
  if (from === new URL(`http://${host}`).host) return undefined
  return `${foreignChangeMessage} The page is at ${from}, and the request names the host ${host}. If they are the same dashboard behind a proxy, have the proxy pass the Host header on (nginx: "proxy_set_header Host $http_host;").`
}

const foreignChangeMessage = 'Another web page asked for this change, so it was refused.'
