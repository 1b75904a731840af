import type { FastifyInstance, RouteOptions } from 'fastify'
import plugin from 'fastify-plugin'
import type { ApiDocument } from './description.ts'

declare module 'fastify' {
  interface FastifyInstance {
    apiDocument(): Promise<ApiDocument>
  }
}

/** Collects the routes that follow. What makes a document of them is loaded with the first request for it. */
export const apiDocument = plugin(async (app: FastifyInstance, { publicUrl }: { publicUrl: string }) => {
  const declared: RouteOptions[] = []
  let made: Promise<ApiDocument> | undefined
  app.addHook('onRoute', (route) => {
    if (route.method !== 'HEAD') declared.push(route)
  })
  app.decorate('apiDocument', () => {
    made ??= import('./document.ts').then(({ makeDocument }) => makeDocument(declared, publicUrl))
    return made
  })
})
