import { expect, test } from 'vitest'
import { filesUnder, importsOf } from './sources.ts'

/** About the program's own routes: there is nothing to orchestrate. */
const ofWebAlone = ['api']
const shared = ['assets', 'format', 'http', 'markup', 'plugins']
const featureOf = (path: string) => /^src\/web\/([^/]+)\//.exec(path)?.[1]
const all = filesUnder('src/web', '.ts').filter(featureOf).flatMap(importsOf)

/** What a page shows of another feature, or leads to. */
const exceptions: Record<string, string[]> = {
  access: ['system'],
  agents: ['credentials', 'health'],
  audit: ['system'],
  doctor: ['agents', 'credentials'],
  registry: ['agents'],
  overview: ['agents', 'health'],
  palette: ['health'],
  runs: ['health', 'nodes'],
  forms: ['runs'],
  history: ['bulk'],
}

const others = (feature: string) =>
  all
    .filter(({ from, target }) => featureOf(from) === feature && featureOf(target) !== undefined)
    .filter(({ target }) => featureOf(target) !== feature && !shared.includes(featureOf(target)!))

test('features of the web import each other only where a page shows another feature', () => {
  const features = [...new Set(all.map(({ from }) => featureOf(from)!))].filter((one) => !shared.includes(one))
  expect(features.length).toBeGreaterThan(10)
  const found = Object.fromEntries(
    features
      .map(
        (feature) => [feature, [...new Set(others(feature).map(({ target }) => featureOf(target)!))].sort()] as const,
      )
      .filter(([, imported]) => imported.length > 0),
  )
  expect(found).toEqual(exceptions)
})

test('what features share imports none of them', () => {
  expect(shared.flatMap((folder) => others(folder)).map(({ from, target }) => `${from} imports ${target}`)).toEqual([])
})

test('a feature has one name in all modules', () => {
  const featuresOf = (module: string) =>
    filesUnder(`src/${module}`, '.ts').flatMap((path) => new RegExp(`^src/${module}/([^/]+)/`).exec(path)?.[1] ?? [])
  const known = new Set(featuresOf('orchestrator'))
  const unknown = new Set(
    [...featuresOf('web')].filter((name) => ![...shared, ...ofWebAlone].includes(name) && !known.has(name)),
  )
  expect([...unknown]).toEqual([])
})

test('no folder holds more than twenty files', () => {
  const counts = new Map<string, number>()
  const places = [
    ['src', '.ts'],
    ['views', '.eta'],
    ['public', '.css'],
    ['public', '.js'],
  ] as const
  for (const path of places.flatMap(([folder, ending]) => filesUnder(folder, ending))) {
    const folder = path.split('/').slice(0, -1).join('/')
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  expect([...counts].filter(([, files]) => files > 20)).toEqual([])
})
