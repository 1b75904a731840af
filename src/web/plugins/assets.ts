import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import { loadAssets, publicFolder } from '../assets/assets.ts'
import { routes } from '../http/paths.ts'

declare module 'fastify' {
  interface FastifyInstance {
    assetPath: (path: string) => string
  }
}

/** Serves public/ and htmx. The path holds a hash, so browsers may cache forever. */
export const assets = plugin(async (app: FastifyInstance) => {
  const { version, made } = loadAssets()
  const prefix = `${routes.assets}/${version}/`
  await app.register(fastifyStatic, {
    root: publicFolder,
    prefix,
    decorateReply: false,
    maxAge: '1y',
    immutable: true,
    index: false,
  })
  for (const [path, { type, content, gzipped }] of made) {
    app.route({
      method: 'GET',
      url: prefix + path,
      async handler(request, reply) {
        reply.headers({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' }).type(type)
        if (!request.encodings().includes('gzip')) return content
        reply.header('content-encoding', 'gzip')
        return gzipped()
      },
    })
  }
  app.decorate('assetPath', (path: string) => prefix + path)
})
