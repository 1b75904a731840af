import fc from 'fast-check'
import { expect, test } from 'vitest'
import { prettyJson } from '../../../src/shared/json/pretty.ts'

test('what fits in a line stands in one', () => {
  expect(prettyJson('{"a":[1,2.50,{"b":"c d"}],\n"e":{}}')).toBe('{"a": [1, 2.50, {"b": "c d"}], "e": {}}')
  expect(prettyJson('12345678901234567890')).toBe('12345678901234567890')
})

test('what does not is broken into lines, from the outside', () => {
  const long = 'x'.repeat(50)
  expect(prettyJson(`{"a":["${long}",1,[2]],"b":{}}`)).toBe(`{\n  "a": ["${long}", 1, [2]],\n  "b": {}\n}`)
  expect(prettyJson(`["${long}","${long}",[]]`)).toBe(`[\n  "${long}",\n  "${long}",\n  []\n]`)
})

test('the outermost can be open whatever fits', () => {
  expect(prettyJson('{"a":1}', { open: true })).toBe('{\n  "a": 1\n}')
  expect(prettyJson('{}', { open: true })).toBe('{}')
})

test('a text too deep to be read is left alone', () => {
  const deep = '['.repeat(5000) + ']'.repeat(5000)
  expect(prettyJson(deep)).toBe(deep)
})

test('says the same, and changes nothing the second time', () => {
  fc.assert(
    fc.property(fc.json(), fc.boolean(), (json, open) => {
      const pretty = prettyJson(json, { open })
      expect(JSON.parse(pretty)).toEqual(JSON.parse(json))
      expect(prettyJson(pretty, { open })).toBe(pretty)
    }),
  )
})
