import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import type { Identity } from '../../orchestrator/access/identify.ts'
import { isOn } from './request-log.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** After a 304 with these headers. `stands`: whether all that it came from, but for the request and who asks, is as it was. */
    repeatUnchanged(request: FastifyRequest, headers: OutgoingHttpHeaders, stands: () => boolean): void
  }
}

type Answered = {
  raw: IncomingMessage
  headers: string[]
  by: object
  whoAsks: () => Identity | undefined | Promise<Identity | undefined>
  stands: () => boolean
}

/** A page has a few regions that poll, and pages share connections. */
const maxAddresses = 8
const announceBody = ['content-length', 'transfer-encoding']

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

  app.decorate('repeatUnchanged', (request, headers, stands) => {
    if (announceBody.some((name) => name in request.headers)) return
    const { raw, socket, originalUrl: url } = request
    const known = answered.get(socket) ?? new Map<string, Answered>()
    if (known.size >= maxAddresses && !known.has(url)) known.clear()
    const by = request.identity ?? request.actor
    const list = Object.entries(headers).flatMap(([name, value]) => [name, String(value)])
    answered.set(socket, known.set(url, { raw, headers: list, by, whoAsks: app.whoAsks(request), stands }))
  })

  function lastLike(raw: IncomingMessage): Answered | undefined {
    const last = answered.get(raw.socket)?.get(raw.url!)
    return last && isAlike(last.raw, raw) && !isOn(app.log) ? last : undefined
  }

  /** A promise where who asks has to be looked up: doing that twice at once could note the same twice. */
  function stillStands({ by, whoAsks, stands }: Answered): boolean | Promise<unknown> {
    try {
      if (isClosing) return false
      const who = whoAsks() ?? access.anonymous()
      return who instanceof Promise ? who : who === by && stands()
    } catch {
      return false
    }
  }

  const passOn = server.listeners('request').at(-1) as RequestListener
  server.removeListener('request', passOn)

  function answer(last: Answered, raw: IncomingMessage, response: ServerResponse): void {
    const stands = stillStands(last)
    if (stands === true) return void response.writeHead(304, last.headers).end()
    const pass = () => passOn.call(server, raw, response)
    if (stands === false) pass()
    else stands.then(pass, pass)
  }

  server.on('request', (raw, response) => {
    const last = lastLike(raw)
    if (!last) passOn.call(server, raw, response)
    else if (!others) answer(last, raw, response)
    // This dashboard has to know what another one has answered.
    else
      others.heard().then(
        () => answer(last, raw, response),
        () => passOn.call(server, raw, response),
      )
  })
})

function isAlike(last: IncomingMessage, raw: IncomingMessage): boolean {
  if (raw.method !== last.method || raw.httpVersion !== last.httpVersion) return false
  const [before, now] = [last.rawHeaders, raw.rawHeaders]
  if (before.length !== now.length) return false
  for (let at = 0; at < before.length; at++) if (before[at] !== now[at]) return false
  return true
}
