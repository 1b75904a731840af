import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import Negotiator from 'negotiator'
import { assetPath, assetRoute, type Encoding, loadAssets } from '../assets/assets.ts'

declare module 'fastify' {
  interface FastifyInstance {
    assetPath: (path: string) => string
  }
}

const encodings: Encoding[] = ['br', 'gzip']

/** Serves public/, htmx and the font. The path holds a hash, so browsers may cache forever. */
export const assets = plugin(async (app: FastifyInstance) => {
  const prefix = assetRoute('')
  for (const [path, { type, content, compressed }] of loadAssets().files) {
    app.route({
      method: 'GET',
      url: prefix + path,
      config: { needs: 'anyone', isOfThisAlone: true },
      schema: { hide: true },
      async handler(request, reply) {
        reply.headers({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' }).type(type)
        if (type === 'font/woff2') return content
        const accepted = new Negotiator(request).encodings()
        const encoding = encodings.find((one) => accepted.includes(one))
        if (!encoding) return content
        reply.header('content-encoding', encoding)
        return compressed(encoding)
      },
    })
  }
  app.decorate('assetPath', assetPath)
})
