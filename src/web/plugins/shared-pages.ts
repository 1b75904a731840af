import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import plugin from 'fastify-plugin'
import { LRUCache } from 'lru-cache'
import { hasDone } from '../http/cookies/done.ts'
import { agentsDownHeader, faultHeader } from '../http/etag.ts'
import { isPartialRequest } from '../http/htmx.ts'
import { prefersJson, sendHtml } from '../http/respond.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether all readers in a zone get the same page in one second, as long as nothing on it changes. */
    isSharedPage?: boolean
  }
  interface FastifyRequest {
    /** Whether its page shows what moves by itself, such as how long a run has taken. Such a page is not kept. */
    isMoving: boolean
    sharedPage: string | undefined
  }
}

const maxPages = 20

/** Keeps whole pages of a moment, as bytes: most of what a page costs is to render it and to encode its text. */
export const sharedPages = plugin(async (app: FastifyInstance) => {
  const { orchestrator } = app
  const pages = new LRUCache<string, Buffer>({ max: maxPages })
  app.decorateRequest('isMoving', false)
  app.decorateRequest('sharedPage', undefined)

  function keyOf(request: FastifyRequest, reply: FastifyReply): string {
    return [
      request.url,
      request.zone.name,
      JSON.stringify(request.actor),
      Math.floor(orchestrator.now() / 1000),
      orchestrator.runList.revision(),
      orchestrator.agentsRevision(),
      // What the frame of each page shows of them.
      reply.getHeader(agentsDownHeader),
      reply.getHeader(faultHeader),
      orchestrator.isOutdated(),
    ].join(' ')
  }

  app.addHook('onRoute', (route: RouteOptions) => {
    if (!route.config?.isSharedPage || route.method !== 'GET') return
    route.preHandler = [route.preHandler ?? [], answerKept].flat()
    route.onSend = [route.onSend ?? [], keep].flat()
  })

  function answerKept(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    const isOwn = isPartialRequest(request) || prefersJson(request) || hasDone(request)
    const key = isOwn ? undefined : keyOf(request, reply)
    const page = key && pages.get(key)
    request.sharedPage = key
    if (page) sendHtml(reply.header('vary', 'accept, hx-request, cookie'), page)
    else done()
  }

  function keep(
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: (error: null, payload: unknown) => void,
  ): void {
    const key = request.sharedPage
    const isPage = key !== undefined && typeof payload === 'string' && reply.statusCode === 200
    const sent = isPage ? Buffer.from(payload) : payload
    // What changed while it was made may be on it, or not.
    if (isPage && !request.isMoving && keyOf(request, reply) === key) pages.set(key, sent as Buffer)
    done(null, sent)
  }
})
