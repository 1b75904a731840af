import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of the project, with a slash at its end. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** The text of a file of the project. */
export const readProjectFile = (path: string): string => readFileSync(root + path, 'utf8')

/** Paths of all files under a folder of the project, relative to the project. */
export function filesUnder(folder: string, extension: string): string[] {
  return readdirSync(root + folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length).replaceAll('\\', '/'))
    .sort()
}

/** TypeScript without comments and without what stands in quotes; in templates, only the text goes. */
export function codeOnly(source: string): string {
  return source
    .replace(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*$/gm, '')
    .replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, "''")
}

export type Import = { from: string; target: string; isType: boolean }

/** What a file imports: paths relative to the project for files of ours, else the package. */
export function importsOf(path: string): Import[] {
  const found = readProjectFile(path).matchAll(
    /^\s*(import|export)\s+(type\s+)?([^'"]*?from\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm,
  )
  return [...found].map(([, , isType, names = '', stated, loaded]) => {
    const specifier = (stated ?? loaded)!
    const isAllTypes = /^\{(\s*type\s[^,}]+,?)+\s*\}\s*from\s*$/.test(names)
    const target = specifier.startsWith('.')
      ? new URL(specifier, `file:///${path}`).pathname.slice(1)
      : specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/')
    return { from: path, target, isType: isType !== undefined || isAllTypes }
  })
}

/** Features of the orchestrator: lower ones know nothing of higher ones, nor of those beside them. */
export const featureLevels = [
  ['cluster', 'credentials'],
  ['access', 'audit', 'registry'],
  ['runs', 'health', 'doctor'],
  ['scope'],
  ['forms', 'history', 'compare', 'nodes'],
  ['agents', 'bulk', 'ingest', 'overview', 'system'],
  ['palette', 'metrics'],
]
