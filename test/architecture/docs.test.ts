import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { routes } from '../../src/web/http/paths.ts'
import { buildTestApp } from '../support/app.ts'
import { featureLevels, filesUnder, readProjectFile, root } from './sources.ts'

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? `docs/${name}` : [])),
]
const fence = /^```(\w*)\n([\s\S]*?)^```$/gm

const textOf = (page: string) => readProjectFile(page)
const proseOf = (page: string) => textOf(page).replace(fence, '')
/** What stands in backticks. */
const quotedIn = (page: string) => [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map(([, quoted]) => quoted!)
const drawingsIn = (page: string) =>
  [...textOf(page).matchAll(fence)].flatMap(([, language, text]) => (language === '' ? text! : []))
const inAll = (find: (page: string) => string[]) =>
  pages.flatMap((page) => find(page).map((found) => `${page}: ${found}`))

const { scripts, bin } = JSON.parse(readProjectFile('package.json')) as Record<
  'scripts' | 'bin',
  Record<string, string>
>

test('the pages are found', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'STYLE.md', 'docs/architecture.md']))
})

test('files and folders that a page names are there', () => {
  const folder = /^(?:src|test|views|public|docs|bench|demo|bin|deploy|\.ci)(?:\/[\w./-]*)?$/
  const file = /^[\w./-]+\.(?:ts|js|md|eta|json|sql|css|conf|example)$/
  const missing = (page: string) => {
    const named = [...quotedIn(page), ...drawingsIn(page).flatMap((text) => text.match(/[\w/-]+\.ts\b/g) ?? [])]
    // A page that names a folder may call a file there by its name alone.
    const places = ['', ...named.filter((name) => folder.test(name) && !file.test(name))]
    return named
      .filter((name) => folder.test(name) || file.test(name))
      .filter((name) => !places.some((place) => existsSync(join(root, place, name))))
  }
  expect(pages.flatMap(quotedIn).filter((name) => folder.test(name)).length).toBeGreaterThan(30)
  expect(inAll(missing)).toEqual([])
})

test('files that comments name are there', () => {
  const sources = [
    ...['src', 'test', 'bench', 'demo'].flatMap((folder) => filesUnder(folder, '.ts')),
    ...['public', 'bin'].flatMap((folder) => filesUnder(folder, '.js')),
  ]
  const comment = /\/\*[\s\S]*?\*\/|(?<![:'"`\w])\/\/ .*$/gm
  const named = sources.flatMap((path) =>
    (readProjectFile(path).match(comment) ?? []).flatMap((text) =>
      (text.match(/[\w./-]*[\w-]\.ts\b/g) ?? []).map((name) => ({ path, name })),
    ),
  )
  expect(named).not.toEqual([])
  const isThere = (name: string) => sources.some((path) => `/${path}`.endsWith(`/${name}`))
  expect(named.filter(({ name }) => !isThere(name)).map(({ path, name }) => `${path}: ${name}`)).toEqual([])
})

/** As GitHub makes them of headings. */
const anchorsOf = (page: string) =>
  [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )

test('links between pages lead somewhere, and every page is linked to', () => {
  const linked = new Set<string>()
  const broken = (page: string) =>
    [...textOf(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)].flatMap(([link, path, anchor]) => {
      const target = path === '' ? page : join(dirname(page), path!)
      linked.add(target)
      if (!existsSync(join(root, target))) return link
      return anchor === undefined || anchorsOf(target).includes(anchor) ? [] : link
    })
  expect(inAll(broken)).toEqual([])
  expect(pages.filter((page) => page !== 'README.md' && !linked.has(page))).toEqual([])
})

test('every npm script that a page names is there', () => {
  const named = (page: string) =>
    [...textOf(page).matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(([, run, short]) => run ?? short!)
  expect(pages.flatMap(named).length).toBeGreaterThan(10)
  expect(inAll((page) => named(page).filter((name) => scripts[name] === undefined))).toEqual([])
})

test('every other command that a page names is there', () => {
  const subcommands = ['src/cli.ts', ...filesUnder('src/cli', '.ts')].flatMap((path) =>
    [...readProjectFile(path).matchAll(/(?:new Command|dashboardCommand)\(\s*'([\w-]+)'/g)].map(([, name]) => name!),
  )
  expect(subcommands).toContain('ui')
  const programs = (page: string) => [...textOf(page).matchAll(/\bnpx ([\w-]+)/g)].map(([, name]) => name!)
  const ours = (page: string) =>
    [...textOf(page).matchAll(/configurable-agents(?:\.js)? ([a-z]\w*)(?=[ `])/g)].map(([, name]) => name!)
  expect(pages.flatMap(ours).length).toBeGreaterThan(2)
  expect(inAll((page) => programs(page).filter((name) => !existsSync(join(root, 'node_modules/.bin', name))))).toEqual(
    [],
  )
  expect(inAll((page) => ours(page).filter((name) => !subcommands.includes(name)))).toEqual([])
  expect(Object.keys(bin)).toEqual(['configurable-agents'])
})

test('every address that a page names is one of the dashboard, or of an agent', async () => {
  const app = await buildTestApp()
  const ofAgents = ['GET /health', 'GET /schema', 'POST /run', 'GET /status/{}']
  const bare = (route: string) => route.replace(/:\w+|\{\w+\}/g, '{}')
  const isThere = (address: string) => {
    const [, method = 'GET', path] = /^(?:([A-Z]+) )?(\/[^?]*)/.exec(address)!
    const known = Object.values(routes).filter((route) => bare(route) === bare(path!))
    const isAgents = ofAgents.some((one) => one === `${method} ${bare(path!)}` || one === `POST ${bare(path!)}`)
    return isAgents || known.some((url) => app.hasRoute({ method: method as 'GET', url }))
  }
  const named = (page: string) =>
    quotedIn(page).filter((quoted) => /^(?:(?:GET|POST|DELETE|PUT) )?\/(?!etc\/|var\/)\w/.test(quoted))
  expect(pages.flatMap(named).length).toBeGreaterThan(10)
  expect(inAll((page) => named(page).filter((address) => !isThere(address)))).toEqual([])
})

test('the architecture has all features, and no others, and their levels', () => {
  expect(drawingsIn('docs/architecture.md')).toContain(
    `${featureLevels.map((level) => level.join(', ')).join(' < ')}\n`,
  )
  const [, table] = textOf('docs/architecture.md').split('\n| feature | what it does |\n')
  const rows = table!.split('\n\n')[0]!.matchAll(/^\| `(\w+)` \|/gm)
  const features = readdirSync(join(root, 'src/orchestrator'), { withFileTypes: true })
  expect([...rows].map(([, name]) => name!).sort()).toEqual(
    features.flatMap((entry) => (entry.isDirectory() ? entry.name : [])).sort(),
  )
})

test('tables that the page of the history index names are there', () => {
  const sql = [...filesUnder('src/store/sqlite/sql', '.ts'), ...filesUnder('src/store/sqlite/migrations', '.sql')].map(
    readProjectFile,
  )
  const named = [
    ...quotedIn('docs/history-index.md'),
    ...drawingsIn('docs/history-index.md').flatMap((text) => text.match(/\b\w+_\w+\b/g) ?? []),
  ].filter((name) => /^[a-z]+(?:_[a-z]+)+$/.test(name))
  expect(named.length).toBeGreaterThan(8)
  expect(named.filter((name) => !sql.some((text) => new RegExp(`\\b${name}\\b`).test(text)))).toEqual([])
})
