import { builtinModules } from 'node:module'
import { expect, test } from 'vitest'
import { codeOnly, filesUnder, type Import, importsOf, featureLevels as levels, readProjectFile } from './sources.ts'

const all = filesUnder('src', '.ts').flatMap(importsOf)

/** What every module may use: it knows nothing of agents, runs or HTTP. */
const isShared = (path: string) =>
  /^src\/(shared|config)\//.test(path) || ['src/config.ts', 'src/folders.ts', 'src/version.ts'].includes(path)

const moduleOf = (path: string) => /^src\/(web|orchestrator|agent|store|sign-on)\//.exec(path)?.[1]
const isBuiltin = (target: string) => target.startsWith('node:') || builtinModules.includes(target)
const from = (module: string) => all.filter((one) => moduleOf(one.from) === module)
const spoken = ({ from, target, isType }: Import) => `${from} imports ${isType ? 'types of ' : ''}${target}`

test('the imports were found', () => {
  expect(all.length).toBeGreaterThan(100)
  expect(all.filter(({ isType }) => isType).length).toBeGreaterThan(20)
  expect(new Set(all.map((one) => moduleOf(one.from)))).toEqual(
    new Set(['web', 'orchestrator', 'agent', 'store', 'sign-on', undefined]),
  )
})

/** Who may import which of our modules, and which packages. */
const mayImport: Record<string, { modules: string[]; packages: (name: string) => boolean }> = {
  web: {
    modules: [],
    packages: (name) =>
      !['drizzle-orm', 'better-sqlite3', 'pg', 'undici', 'openid-client', 'drizzle-kit'].includes(name) &&
      name !== 'node:sqlite',
  },
  orchestrator: {
    modules: ['agent', 'store', 'sign-on'],
    packages: (name) => !/^(@?fastify|eta|drizzle|better-sqlite3|pg$|undici|openid-client)/.test(name),
  },
  agent: { modules: [], packages: (name) => ['undici', 'zod'].includes(name) },
  'sign-on': { modules: [], packages: (name) => name === 'openid-client' },
  store: { modules: [], packages: (name) => ['drizzle-orm', 'better-sqlite3', 'pg', 'lru-cache'].includes(name) },
}

test.each(Object.keys(mayImport))('%s imports only what it may', (module) => {
  const { modules, packages } = mayImport[module]!
  const wrong = from(module).filter((one) => {
    const { target, isType } = one
    if (!target.startsWith('src/')) return !isBuiltin(target) && !packages(target)
    const other = moduleOf(target)
    if (other === undefined) return !isShared(target)
    // The service itself comes through fastify.orchestrator: of that module pages need the types alone.
    if (module === 'web' && other === 'orchestrator') return !isType
    return other !== module && !modules.includes(other)
  })
  expect(wrong.map(spoken)).toEqual([])
})

/** What a port is, whichever store is behind it. */
const isPort = (path: string) => path === 'src/store/ports.ts' || path.startsWith('src/store/ports/')

test('the orchestrator knows the store by its ports alone', () => {
  const wrong = from('orchestrator').filter(({ target }) => moduleOf(target) === 'store' && !isPort(target))
  expect(wrong.map(spoken)).toEqual([])
})

test('the orchestrator knows the provider of single sign-on by its types alone, which is loaded at the first login', () => {
  const wrong = from('orchestrator').filter(({ target, isType }) => moduleOf(target) === 'sign-on' && !isType)
  expect(wrong.map(spoken)).toEqual([])
  expect(readProjectFile('src/sign-on/provider.ts')).not.toMatch(/^import (?!type)[^\n]*'openid-client'/m)
})

test('a port imports nothing but ports and what is shared, and only types', () => {
  const wrong = all.filter(
    ({ from, target, isType }) => isPort(from) && !(isType && (isPort(target) || isShared(target))),
  )
  expect(wrong.map(spoken)).toEqual([])
})

test('what is shared imports no module', () => {
  const wrong = all.filter((one) => isShared(one.from) && one.target.startsWith('src/') && !isShared(one.target))
  expect(wrong.map(spoken)).toEqual([])
})

test('only agent, sign-on, and the commands to a dashboard speak HTTP to others', () => {
  const calls = filesUnder('src', '.ts').filter((path) =>
    /(?<![.\w]|async )fetch\(/.test(codeOnly(readProjectFile(path))),
  )
  expect(calls.filter((path) => moduleOf(path) !== 'agent')).toEqual([])
  const network = ['undici', 'node:http', 'node:https', 'node:net', 'node:tls']
  const others = all.filter((one) => network.includes(one.target) && !one.isType && moduleOf(one.from) !== 'agent')
  // For the kinds of addresses alone.
  expect(others.map(spoken)).toEqual([
    'src/config/address-ranges.ts imports node:net',
    'src/config/kinds.ts imports node:net',
    'src/config/login.ts imports node:net',
    'src/server/free-port.ts imports node:net',
    'src/shared/exposure.ts imports node:net',
    'src/web/access/tries.ts imports node:net',
    'src/web/plugins/guard.ts imports node:net',
  ])
})

test('nobody imports node:http, which would load all of it', () => {
  expect(all.filter(({ target, isType }) => /^node:https?$/.test(target) && !isType).map(spoken)).toEqual([])
  const users = filesUnder('src', '.ts').filter((path) =>
    /getBuiltinModule\('node:https?'\)/.test(readProjectFile(path)),
  )
  // For the names of statuses, and for the commands.
  expect(users).toEqual(['src/cli/dashboard/exchange.ts', 'src/shared/text/http-statuses.ts'])
})

/** Through types alone. */
const knownCircles = [
  ['src/store/sqlite/faults/storage-fault.ts', 'src/store/sqlite/faults/words.ts'],
  ['src/store/sqlite/runs/keys.ts', 'src/store/sqlite/runs/runs.ts'],
].map((files) => files.join(' → '))

test('no file imports another that imports it back, be it for a type', () => {
  const ours = all.filter((one) => one.target.startsWith('src/'))
  const targets = (path: string) => ours.filter((one) => one.from === path).map((one) => one.target)
  const circles: string[] = []
  const finished = new Set<string>()
  const walk = (path: string, trail: string[]) => {
    if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
    if (trail.includes(path) || finished.has(path)) return
    for (const target of targets(path)) walk(target, [...trail, path])
    finished.add(path)
  }
  for (const path of filesUnder('src', '.ts')) walk(path, [])
  const named = circles.map((circle) => [...new Set(circle.split(' → '))].sort().join(' → '))
  expect(named.filter((circle) => !knownCircles.includes(circle))).toEqual([])
})

test('features of the orchestrator import only lower ones', () => {
  const featureOf = (path: string) => /^src\/orchestrator\/([^/]+)\//.exec(path)?.[1]
  const levelOf = (feature: string) => levels.findIndex((level) => level.includes(feature))
  const arrows = all.flatMap((one) => {
    const [feature, other] = [featureOf(one.from), featureOf(one.target)]
    return feature && other && feature !== other ? [{ ...one, feature, other }] : []
  })
  expect(arrows.length).toBeGreaterThan(30)
  const met = new Set(arrows.flatMap(({ feature, other }) => [feature, other]))
  expect([...met].filter((feature) => !levels.flat().includes(feature))).toEqual([])
  expect(arrows.filter(({ feature, other }) => levelOf(other) >= levelOf(feature)).map(spoken)).toEqual([])
})
