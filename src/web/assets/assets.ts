import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { projectFile } from '../../folders.ts'
import { published } from '../http/base-path.ts'
import { routes } from '../http/paths.ts'
import { joinModules } from './join-modules.ts'
import { joinStyles } from './join-styles.ts'

const publicFolder = projectFile('public')
const htmxFile = fileURLToPath(import.meta.resolve('htmx.org/dist/htmx.min.js'))
const fontFile = fileURLToPath(import.meta.resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'))
const compressors = { br: promisify(brotliCompress), gzip: promisify(gzip) }
const script = 'text/javascript; charset=utf-8'

type Asset = { type: string; content: Buffer; compressed: (encoding: Encoding) => Promise<Buffer> }
export type Encoding = keyof typeof compressors

type Assets = {
  version: string
  /** By path. */
  files: ReadonlyMap<string, Asset>
}

let loaded: Assets | undefined

/** Reads public/ and htmx once per process. */
export function loadAssets(): Assets {
  loaded ??= read()
  return loaded
}

/** Where browsers fetch a file. The path holds a hash of all of them. */
export const assetPath = (path: string) => published(assetRoute(path))

export const assetRoute = (path: string) => `${routes.assets}/${loadAssets().version}/${path}`

function read(): Assets {
  const textOf = (path: string) => readFileSync(join(publicFolder, path), 'utf8')
  const style = joinStyles(textOf('css/app.css'), (name) => textOf(`css/${name}`))
  const files = new Map([
    ['css/app.css', asset('text/css; charset=utf-8', style)],
    [
      'js/app.js',
      asset(
        script,
        joinModules('app.js', (name) => textOf(`js/${name}`)),
      ),
    ],
    ...['js/theme.js', 'js/zone.js', 'js/setup-link.js'].map((name) => [name, asset(script, textOf(name))] as const),
    ['htmx/htmx.min.js', asset(script, readFileSync(htmxFile))],
    ['fonts/inter.woff2', asset('font/woff2', readFileSync(fontFile))],
    ...['icon.svg', 'icon-down.svg', 'icons.svg'].map((name) => [name, asset('image/svg+xml', textOf(name))] as const),
  ])
  return { version: hashOf(publicFolder, [htmxFile, fontFile]), files }
}

function asset(type: string, text: string | Buffer): Asset {
  const content = Buffer.from(text)
  const made = new Map<Encoding, Promise<Buffer>>()
  return {
    type,
    content,
    compressed: (encoding) => {
      const compressed = made.get(encoding) ?? compressors[encoding](content)
      made.set(encoding, compressed)
      return compressed
    },
  }
}

function hashOf(folder: string, packaged: string[]): string {
  const own = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const hash = createHash('sha256')
  for (const file of [...own.map(({ parentPath, name }) => join(parentPath, name)), ...packaged])
    hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 10)
}
