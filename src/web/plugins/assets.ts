import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import { assetPath, assetRoute, type Encoding, loadAssets, publicFolder } from '../assets/assets.ts'

declare module 'fastify' {
  interface FastifyInstance {
    assetPath: (path: string) => string
  }
}

const open = { needs: 'anyone' } as const
const encodings: Encoding[] = ['br', 'gzip']

/** Serves public/, htmx and the font. The path holds a hash, so browsers may cache forever. */
export const assets = plugin(async (app: FastifyInstance) => {
  const prefix = assetRoute('')
  await app.register(async (files) => {
    files.addHook('onRoute', (route) => {
      route.config = { ...route.config, ...open }
    })
    await files.register(fastifyStatic, {
      root: publicFolder,
      prefix,
      decorateReply: false,
      maxAge: '1y',
      immutable: true,
      index: false,
    })
  })
  for (const [path, { type, content, compressed }] of loadAssets().made) {
    app.route({
      method: 'GET',
      url: prefix + path,
      config: open,
      schema: { hide: true },
      async handler(request, reply) {
        reply.headers({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' }).type(type)
        if (type === 'font/woff2') return content
        const encoding = encodings.find((one) => request.encodings().includes(one))
        if (!encoding) return content
        reply.header('content-encoding', encoding)
        return compressed(encoding)
      },
    })
  }
  app.decorate('assetPath', assetPath)
})
