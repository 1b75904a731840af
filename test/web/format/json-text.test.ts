import fc from 'fast-check'
import { expect, test } from 'vitest'
import { presentJson } from '../../../src/web/format/json-text.ts'

const shown = (text: string) =>
  presentJson(text)
    .spans.map((span) => span.text)
    .join('')

test.each([
  ['{}', '{}'],
  ['[]', '[]'],
  ['"text"', '"text"'],
  ['1.0', '1.0'],
  ['{"a":1}', '{\n  "a": 1\n}'],
  ['{"a":[1,2]}', '{\n  "a": [ 1, 2 ]\n}'],
  ['{"a":[[1],{}]}', '{\n  "a": [\n    [ 1 ],\n    {}\n  ]\n}'],
  ['{"a":NaN,"b":-Infinity}', '{\n  "a": NaN,\n  "b": -Infinity\n}'],
  ['{"a" :\n 12345678901234567890, "\\u00e9":"\\/\\n"}', '{\n  "a": 12345678901234567890,\n  "é": "/\\n"\n}'],
])('lays out %s', (text, expected) => {
  expect(shown(text)).toBe(expected)
})

test.each(["{'topic': None}", 'None', '', '{"a": ', 'plain text\nof two lines', '<b>'])(
  'shows %j, which is not JSON, as it is',
  (text) => {
    expect(shown(text)).toBe(text)
    expect(presentJson(text).spans.every(({ kind }) => kind === 'plain')).toBe(true)
  },
)

test('a list too long for one line gets a line for each member', () => {
  const long = JSON.stringify(Array(20).fill('member'))
  expect(shown(long).split('\n')).toHaveLength(22)
})

test('changes nothing but the space between tokens', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.parse(shown(text))).toEqual(JSON.parse(text))
    }),
  )
})

test('whatever the text is, nothing of it is lost', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.json().map((text) => `${text}}`),
      ),
      (text) => {
        const { spans, hiddenCharacters } = presentJson(text)
        const visible = (some: string) => some.replace(/\s/g, '')
        expect(visible(spans.map((span) => span.text).join(''))).toBe(visible(text))
        expect(hiddenCharacters).toBe(0)
      },
    ),
  )
})

test('says how much of a long text is not shown', () => {
  const { spans, hiddenCharacters } = presentJson(JSON.stringify('x'.repeat(100_000)))
  expect(hiddenCharacters).toBe(100_002 - 65_536)
  expect(spans.map(({ text }) => text).join('')).toHaveLength(65_536)
})

test('a text nested deeper than a page is wide stays within bounds', () => {
  const { spans } = presentJson('['.repeat(30_000) + ']'.repeat(30_000))
  expect(spans.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(20_000_000)
})
