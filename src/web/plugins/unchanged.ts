import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import plugin from 'fastify-plugin'
import { LRUCache } from 'lru-cache'
import { agentsDownHeader, checkedAtHeader, hasTag, sendUnchanged, unchangedHeaders } from '../http/etag.ts'
import { isPartialRequest } from '../http/htmx.ts'
import { prefersJson } from '../http/respond.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Moves whenever who asks may get another answer at the same address. Their role and zone are seen to. */
    revisionOf?: (request: FastifyRequest) => string
  }
  interface FastifyRequest {
    madeOf: string
    /** The tag that its answer has, where that was made before and nothing has changed since. */
    readonly knownTag: string | undefined
    /** Remembers the tag of its answer, unless something changed meanwhile: that may be in it, or not. */
    keepTag(tag: string): void
  }
}

const maxKnown = 1000

/** Tells who polls that nothing has changed, before anything is read for it. Comes after all that may refuse a request. */
export const unchanged = plugin(async (app: FastifyInstance) => {
  const tags = new LRUCache<string, string>({ max: maxKnown })
  app.decorateRequest('madeOf', '')
  app.decorateRequest('knownTag', {
    getter(this: FastifyRequest) {
      return tags.get(this.madeOf)
    },
  })
  app.decorateRequest('keepTag', function (tag) {
    if (this.madeOf !== '' && keyOf(this) === this.madeOf) tags.set(this.madeOf, tag)
  })

  app.addHook('onRoute', (route: RouteOptions) => {
    if (route.config?.revisionOf) route.onRequest = [route.onRequest ?? [], answerUnchanged].flat()
  })

  function standing(request: FastifyRequest, headers: OutgoingHttpHeaders, tag: string): () => boolean {
    const { storageFault, outdated, orchestrator } = request
    const { revisionOf } = request.routeOptions.config
    const [down, checkedAt] = [orchestrator.agentsDown(), checkedAtHeader in headers && orchestrator.checkedAt()]
    let revision = revisionOf!(request)
    const isTagged = () => {
      const now = revisionOf!(request)
      if (now === revision) return true
      if (tags.get(keyOf(request)) !== tag) return false
      revision = now
      return true
    }
    return () =>
      isTagged() &&
      request.storageFault === storageFault &&
      request.outdated === outdated &&
      orchestrator.agentsDown() === down &&
      (checkedAt === false || orchestrator.checkedAt() === checkedAt)
  }

  function answerUnchanged(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    request.madeOf = keyOf(request)
    const { knownTag } = request
    const isPage = !isPartialRequest(request) && !prefersJson(request)
    if (!isPage && knownTag !== undefined && hasTag(request, knownTag)) {
      const headers = unchangedHeaders(reply.header(agentsDownHeader, request.orchestrator.agentsDown()), knownTag)
      sendUnchanged(reply, knownTag, headers)
      app.repeatUnchanged(request, headers, standing(request, headers, knownTag))
    } else done()
  }
})

function keyOf(request: FastifyRequest): string {
  const { zone, actor, routeOptions, url } = request
  return `${prefersJson(request)} ${zone.name} ${actor.role} ${routeOptions.config.revisionOf!(request)} ${url}`
}
