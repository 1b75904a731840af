import { isIP } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { dashboardHeader } from '../dashboard-header.ts'
import { AppError } from '../errors.ts'

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS'])
const loopbackNames = ['localhost', '127.0.0.1', '::1']

/** Without upgrade-insecure-requests: with it, pages on a plain-http LAN address stay blank. */
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

/** On every answer. Plain constants: a plugin that makes them anew for each request costs as much as the rest of it. */
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

/**
 * Keeps other web pages of the user's browser out. Requests under a foreign host name get 421 (a page may point its
 * own name at this machine), changes that another origin asks for get 403, and what we send may run nothing but our
 * own files.
 */
export const guard = plugin(
  async (app: FastifyInstance, { host, allowedHosts }: { host: string; allowedHosts: string[] }) => {
    const ours = new Set([...loopbackNames, host.toLowerCase(), ...allowedHosts])
    /** The header that named one of them last: nearly all requests have the same, and reading it costs. */
    let named: string | undefined

    function isForUs(request: FastifyRequest): boolean {
      const header = request.headers.host ?? ''
      if (header === named) return true
      const name = hostName(header)
      if (name === undefined) return false
      if (ours.has(name)) named = header
      // Whoever asks for the very address they reached has not been sent here under another name.
      return ours.has(name) || (isIP(name) !== 0 && name === unmapped(request.socket.localAddress))
    }

    // With a callback: a promise for each request costs more than what is done here.
    app.addHook('onRequest', (request, reply, done) => {
      reply.headers(safeHeaders)
      done(refusal(request))
    })

    function refusal(request: FastifyRequest): AppError | undefined {
      if (!isForUs(request)) {
        return new AppError(
          'foreign-host',
          421,
          `This dashboard does not answer to the host name in the request. Add it to CONFIGURABLE_AGENTS_ALLOWED_HOSTS if it should.`,
        )
      }
      const isReading = readingMethods.has(request.method)
      if (isReading || !isFromElsewhere(request)) return undefined
      return new AppError('foreign-origin', 403, 'Another web page asked for this change, so it was refused.')
    }
  },
)

function hostName(host: string): string | undefined {
  return URL.canParse(`http://${host}`) && !/[/@?#\\]/.test(host)
    ? new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
    : undefined
}

function unmapped(address: string | undefined): string | undefined {
  return address?.replace(/^::ffff:/, '')
}

function isFromElsewhere({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  const { origin, host } = headers
  if (origin === undefined) return false
  return !URL.canParse(origin) || new URL(origin).host !== new URL(`http://${host}`).host
}
