import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { joinModules } from './join-modules.ts'
import { joinStyles } from './join-styles.ts'

export const publicFolder = fileURLToPath(new URL('../../../public', import.meta.url))
const htmxFile = fileURLToPath(import.meta.resolve('htmx.org/dist/htmx.min.js'))
const script = 'text/javascript; charset=utf-8'

type Asset = { type: string; content: Buffer; gzipped: () => Promise<Buffer> }

type Assets = {
  /** A hash of all assets. */
  version: string
  /** By path: what is not served from public/ as it is. */
  made: ReadonlyMap<string, Asset>
}

let loaded: Assets | undefined

/** Reads public/ and htmx once per process. */
export function loadAssets(): Assets {
  loaded ??= read()
  return loaded
}

function read(): Assets {
  const fileOf = (folder: string) => (name: string) => readFileSync(join(publicFolder, folder, name), 'utf8')
  const htmx = readFileSync(htmxFile, 'utf8')
  const made = new Map([
    ['css/app.css', asset('text/css; charset=utf-8', joinStyles(fileOf('css')('app.css'), fileOf('css')))],
    ['js/app.js', asset(script, joinModules('app.js', fileOf('js')))],
    ['htmx/htmx.min.js', asset(script, htmx)],
  ])
  return { version: hashOf(publicFolder, htmx), made }
}

function asset(type: string, text: string): Asset {
  const content = Buffer.from(text)
  let gzipped: Promise<Buffer> | undefined
  return {
    type,
    content,
    gzipped: () => {
      gzipped ??= promisify(gzip)(content)
      return gzipped
    },
  }
}

function hashOf(folder: string, htmx: string): string {
  const hash = createHash('sha256')
  for (const path of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
    hash.update(readFileSync(join(path.parentPath, path.name)))
  }
  return hash.update(htmx).digest('hex').slice(0, 10)
}
