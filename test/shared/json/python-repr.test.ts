import { expect, test } from 'vitest'
import { pythonToJson } from '../../../src/shared/json/python-repr.ts'

test.each([
  ['None', null],
  ["'text'", 'text'],
  [`{'topic': "AI's", 'x': None}`, { topic: "AI's", x: null }],
  ["{'a': [True, False, ()], 'b': (1,), 'c': (1, 2)}", { a: [true, false, []], b: [1], c: [1, 2] }],
  [
    `{'a': 'it\\'s', 'b': 'a\\nb\\\\', 'c': '\\xe9\\u20ac\\U0001f600', 'd': b'raw'}`,
    { a: "it's", b: 'a\nb\\', c: 'é€😀', d: 'raw' },
  ],
  ["{'n': -1.5e-7, 'm': 12}", { n: -1.5e-7, m: 12 }],
  [`{'q': 'say "hi"'}`, { q: 'say "hi"' }],
])('%s', (text, value) => {
  expect(JSON.parse(pythonToJson(text)!)).toEqual(value)
})

test('numbers keep their digits, and NaN stays', () => {
  expect(pythonToJson("{'n': 12345678901234567890.10, 'x': nan, 'y': -inf}")).toBe(
    '{"n":12345678901234567890.10,"x":NaN,"y":-Infinity}',
  )
})

test.each(["{'x': <Model object at 0x7f>}", 'datetime.datetime(2026, 11, 20)', "{'x': Decimal('1')}", "'open", 'a b'])(
  'there is no JSON for %s',
  (text) => {
    expect(pythonToJson(text)).toBeUndefined()
  },
)

test('a long text that is none takes no time to speak of', () => {
  expect(pythonToJson(`'${'\\'.repeat(500_001)}`)).toBeUndefined()
  expect(pythonToJson(`${'{'.repeat(500_000)}<`)).toBeUndefined()
})
