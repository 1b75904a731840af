import { array, assert, constantFrom, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { alignLists, diffTexts, type TextPiece } from '../../src/orchestrator/compare/text-diff.ts'

const diff = (a: string, b: string, steps = 1_000_000) => diffTexts(a, b, { steps })
const said = (pieces: TextPiece[]) =>
  pieces.map(({ kind, text }) => (kind === 'same' ? text : kind === 'removed' ? `[-${text}-]` : `[+${text}+]`)).join('')
const side = (pieces: TextPiece[], own: TextPiece['kind']) =>
  pieces
    .filter(({ kind }) => kind === 'same' || kind === own)
    .map(({ text }) => text)
    .join('')

test.each([
  ['The quick brown fox', 'The quick red fox', 'The quick [-brown-][+red+] fox'],
  ['one two three four', 'one five six four', 'one [-two three-][+five six+] four'],
  ['same', 'same', 'same'],
  ['', 'new', '[+new+]'],
  ['old', '', '[-old-]'],
  ['Zürich und Genf', 'Zürich und Bern', 'Zürich und [-Genf-][+Bern+]'],
  ['a.b', 'a,b', 'a[-.-][+,+]b'],
  ['x 😀 y', 'x 😁 y', 'x [-😀-][+😁+] y'],
])('from %j to %j', (a, b, expected) => {
  expect(said(diff(a, b))).toBe(expected)
})

test('texts that are too long for words are compared by lines, and then as a whole', () => {
  const lines = (count: number, word: string) =>
    Array.from({ length: count }, (_, index) => `${word} of line ${index % 7} ${index}\n`)
  const a = lines(50, 'text')
  const b = lines(50, 'text')
  b[0] = 'the first is new\n'
  b[49] = 'and so is the last\n'
  expect(diff(a.join(''), b.join(''), 400)).toContainEqual({ kind: 'removed', text: 'text of line 0 0\n' })
  expect(diff(a.join(''), b.join(''), 40).map(({ kind }) => kind)).toEqual(['removed', 'added'])
})

test('a few changes in a long text are found word by word', () => {
  const words = Array.from({ length: 20_000 }, (_, index) => `w${index % 500}`)
  const changed = words.with(0, 'first').with(10_000, 'middle').with(-1, 'last')
  const pieces = diff(words.join(' '), changed.join(' '))
  expect(pieces.filter(({ kind }) => kind === 'added').map(({ text }) => text)).toEqual(['first', 'middle', 'last'])
})

test('both texts can be read from the pieces, of whatever they are made', () => {
  const piece = constantFrom('a', 'b', ' ', '\n', '\r\n', '.', '😀', '\ud800', '\u2028', '  ', 'é', '_1')
  const text = array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))
  for (const steps of [1_000_000, 40, 0]) {
    assert(
      property(text, text, (a, b) => {
        const pieces = diff(a, b, steps)
        expect(side(pieces, 'removed')).toBe(a)
        expect(side(pieces, 'added')).toBe(b)
        expect(pieces.every(({ text }) => text !== '')).toBe(a !== '' || b !== '' || pieces.length === 0)
      }),
    )
  }
  assert(property(string(), string(), (a, b) => side(diff(a, b), 'added') === b))
})

test('lists are aligned so that as much as possible belongs together', () => {
  const item = constantFrom('a', 'b', 'c')
  assert(
    property(array(item, { maxLength: 8 }), array(item, { maxLength: 8 }), (a, b) => {
      const pairs = alignLists(a, b, { steps: 1000 })!
      expect(pairs.flatMap((pair) => pair.a ?? [])).toEqual(a.map((_, index) => index))
      expect(pairs.flatMap((pair) => pair.b ?? [])).toEqual(b.map((_, index) => index))
      const common = pairs.filter((pair) => pair.a !== undefined && pair.b !== undefined)
      expect(common.every((pair) => a[pair.a!] === b[pair.b!])).toBe(true)
      expect(common.length).toBe(longestCommon(a, b))
    }),
  )
})

test('what one comparison costs is gone for the next', () => {
  const budget = { steps: 100 }
  expect(alignLists(['a', 'b', 'same'], ['c', 'd', 'same'], budget)).toHaveLength(5)
  expect(budget.steps).toBe(100 - 4 ** 2)
  expect(alignLists(['a', 'b', 'c'], ['d', 'e', 'f'], budget)).toBeUndefined()
  expect(budget.steps).toBe(100 - 2 * 4 ** 2)
  expect(alignLists(['a', 'b', 'c'], ['a', 'b', 'f'], budget)).toHaveLength(4)
})

function longestCommon(a: string[], b: string[]): number {
  if (a.length === 0 || b.length === 0) return 0
  const [first, ...rest] = a
  const at = b.indexOf(first!)
  return Math.max(longestCommon(rest, b), at < 0 ? 0 : 1 + longestCommon(rest, b.slice(at + 1)))
}
