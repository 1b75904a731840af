import { expect, test } from 'vitest'
import { filesUnder, readProjectFile } from './sources.ts'

const sprite = new Set([...readProjectFile('public/icons.svg').matchAll(/<symbol id="([\w-]+)"/g)].map(([, id]) => id!))
const sources = [
  ...['src/web', 'views'].flatMap((folder) => [...filesUnder(folder, '.ts'), ...filesUnder(folder, '.eta')]),
].map(readProjectFile)
const named = new Set(sources.flatMap((text) => [...text.matchAll(/\bicon\('([\w-]+)'/g)].map(([, name]) => name!)))

test('every icon that a template draws is in the sprite', () => {
  expect(named.size).toBeGreaterThan(10)
  expect([...named].filter((name) => !sprite.has(name))).toEqual([])
})

test('the sprite holds only icons that something names', () => {
  const words = new Set(sources.flatMap((text) => [...text.matchAll(/'([a-z0-9-]+)'/g)].map(([, word]) => word!)))
  expect([...sprite].filter((name) => !words.has(name))).toEqual([])
})
