import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** The address of a file under public/, or of htmx. */
    assetPath: (path: string) => string
  }
}

const publicFolder = fileURLToPath(new URL('../../../public', import.meta.url))
const htmxFile = fileURLToPath(import.meta.resolve('htmx.org/dist/htmx.min.js'))
const forEver = { maxAge: '1y', immutable: true, index: false as const }

/**
 * Serves public/ and htmx from its package. The version in the path is a hash of all of them: browsers may keep them
 * for ever, and modules and style sheets that name each other relatively share it.
 */
export const assets = plugin(async (app: FastifyInstance) => {
  const prefix = `/assets/${hashOf(publicFolder)}/`
  await app.register(fastifyStatic, { root: publicFolder, prefix, decorateReply: false, ...forEver })
  await app.register(fastifyStatic, {
    root: dirname(htmxFile),
    prefix: `${prefix}htmx/`,
    allowedPath: (path) => path === '/htmx.min.js',
    decorateReply: false,
    ...forEver,
  })
  app.decorate('assetPath', (path: string) => prefix + path)
})

function hashOf(folder: string): string {
  const hash = createHash('sha256')
  for (const path of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
    hash.update(readFileSync(join(path.parentPath, path.name)))
  }
  return hash.update(readFileSync(htmxFile)).digest('hex').slice(0, 10)
}
