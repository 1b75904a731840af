import { expect, test } from 'vitest'
import { routes } from '../../src/web/http/paths.ts'
import { filesUnder, readProjectFile } from './sources.ts'

const home = 'src/web/http/paths.ts'
const sources = [...filesUnder('src/web', '.ts'), ...filesUnder('views', '.eta')].filter((path) => path !== home)
const firstSegments = [...new Set(Object.values(routes).map((route) => route.split('/')[1]!))].filter(Boolean)

test('addresses of the dashboard are written in one file alone', () => {
  // "/health" and the like, in quotes, is what an agent has too.
  const ours = firstSegments.filter((segment) => segment !== 'health').join('|')
  const written = new RegExp(`(?<!include\\(|layout\\()["'\`]/(?:(?:${ours})(?=["'\`/?]))`)
  const attribute = /\s(?:href|action|formaction|hx-(?:get|post|put|patch|delete))="\//
  const found = sources.flatMap((path) =>
    readProjectFile(path)
      .split('\n')
      .filter((line) => written.test(line) || attribute.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  )
  expect(found).toEqual([])
})

test('routes are declared by their names', () => {
  const declared = filesUnder('src/web', '.ts').flatMap((path) => [
    ...readProjectFile(path).matchAll(/\bapp\.(?:get|post|put|patch|delete|all)\(\s*([^,\s]+)/g),
  ])
  expect(declared.length).toBeGreaterThan(40)
  expect(declared.map(([, name]) => name!).filter((name) => !name.startsWith('routes.'))).toEqual([])
})

test('no address is made while modules load: the path of the public URL is not known then', () => {
  const made = (source: string) =>
    source
      .split(/^(?=\S)/m)
      .filter((statement) => /^(?:export )?const /.test(statement))
      .filter((statement) => /\b(?:paths\.\w+|published|assetPath)\(/.test(statement.split(/=>|\bfunction\b/)[0]!))
  expect(made('const a = [\n  { path: paths.runs() },\n]\nconst b = () => paths.runs()\n')).toHaveLength(1)
  expect(sources.filter((path) => path.endsWith('.ts')).flatMap((path) => made(readProjectFile(path)))).toEqual([])
})
