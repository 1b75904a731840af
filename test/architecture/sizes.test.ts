import { expect, test } from 'vitest'
import { filesUnder, readProjectFile } from './sources.ts'

const files = filesUnder('src', '.ts').map((path) => ({ path, lines: readProjectFile(path).trimEnd().split('\n') }))

const begin = /^\s*(export )?(default )?(async )?function\b|=> \{$|^\s+(async )?\*?\w+\(.*\{$/

/** The code is formatted: a function ends with the next line of its own indent that closes and opens nothing more. */
function functionsIn({ path, lines }: (typeof files)[number]) {
  return lines.flatMap((line, start) => {
    if (!begin.test(line)) return []
    const end = `${/^ */.exec(line)![0]}}`
    const length = lines.slice(start + 1).findIndex((one) => one.startsWith(end) && !one.endsWith('{')) + 2
    return [{ place: `${path}:${start + 1}`, length }]
  })
}

test('no function has more than 80 lines', () => {
  const all = files.flatMap(functionsIn)
  expect(all.length).toBeGreaterThan(2000)
  expect(Math.max(...all.map(({ length }) => length))).toBeGreaterThan(60)
  expect(all.filter(({ length }) => length > 80)).toEqual([])
})

test('files are short', () => {
  const sorted = files.map(({ lines }) => lines.length).sort((a, b) => a - b)
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(60)
  expect(files.filter(({ lines }) => lines.length > 200).map(({ path }) => path)).toEqual([])
})

test('at most one line in twenty is a comment', () => {
  const lines = files.flatMap((file) => file.lines)
  const comments = lines.filter((line) => /^\s*(\/\/|\/\*|\*)/.test(line))
  expect(comments.length).toBeGreaterThan(1000)
  expect(comments.length / lines.length).toBeLessThanOrEqual(0.05)
})
