import type { IncomingMessage, OutgoingHttpHeaders, RequestListener } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { isOn } from './request-log.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** After a 304 with these headers. `madeOf` gives all that it came from but for the request and who asks. */
    repeatUnchanged(request: FastifyRequest, headers: OutgoingHttpHeaders, madeOf: () => unknown[]): void
  }
}

type Answered = {
  request: FastifyRequest
  headers: OutgoingHttpHeaders
  by: object
  made: unknown[]
  madeOf: () => unknown[]
}

/** A page has a few regions that poll, and pages share connections. */
const maxAddresses = 8
const announceMore = ['content-length', 'transfer-encoding', 'expect', 'upgrade']

/** A request that is alike in every byte to the last one for its address on its connection gets the same 304 while nothing
 * that made it has moved. Fastify does not see it. Comes before what waits in `preClose`. */
export const repeats = plugin(async (app: FastifyInstance) => {
  const { server } = app
  const { access, others } = app.orchestrator
  const answered = new WeakMap<object, Map<string, Answered>>()
  let isClosing = false
  app.addHook('preClose', (done) => {
    isClosing = true
    done()
  })

  app.decorate('repeatUnchanged', (request, headers, madeOf) => {
    // On PostgreSQL each request waits for other dashboards first.
    if (others || announceMore.some((name) => name in request.headers)) return
    const { socket, originalUrl: url } = request
    const known = answered.get(socket) ?? new Map<string, Answered>()
    if (known.size >= maxAddresses && !known.has(url)) known.clear()
    const by = request.identity ?? request.actor
    answered.set(socket, known.set(url, { request, headers, by, made: madeOf(), madeOf }))
  })

  function lastLike(raw: IncomingMessage): Answered | undefined {
    const last = answered.get(raw.socket)?.get(raw.url!)
    return last && isAlike(last.request, raw) && !isClosing && !isOn(app.log) ? last : undefined
  }

  /** A promise where who asks has to be looked up: doing that twice at once could note the same twice. */
  function stillStands({ request, by, made, madeOf }: Answered): boolean | Promise<unknown> {
    try {
      const who = app.identityOf(request) ?? access.anonymous()
      return who instanceof Promise ? who : who === by && isSame(made, madeOf())
    } catch {
      return false
    }
  }

  const passOn = server.listeners('request').at(-1) as RequestListener
  server.removeListener('request', passOn)
  server.on('request', (raw, response) => {
    const pass = () => passOn.call(server, raw, response)
    const last = lastLike(raw)
    const stands = last !== undefined && stillStands(last)
    if (stands === true) response.writeHead(304, last!.headers).end()
    else if (stands === false) pass()
    else stands.then(pass, pass)
  })
})

function isAlike({ raw: last }: FastifyRequest, raw: IncomingMessage): boolean {
  if (raw.method !== last.method || raw.httpVersion !== last.httpVersion) return false
  return isSame(last.rawHeaders, raw.rawHeaders)
}

function isSame(before: unknown[], now: unknown[]): boolean {
  if (before.length !== now.length) return false
  for (let at = 0; at < before.length; at++) if (before[at] !== now[at]) return false
  return true
}
