import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonLimits, scanJson } from '../../../src/shared/json/scan.ts'
import { endurance } from '../../support/endurance.ts'

/** Where JSON.parse stops, as far as it says so. */
function parsed(text: string): { isJson: boolean; at?: number } {
  try {
    JSON.parse(text)
    return { isJson: true }
  } catch (error) {
    // "Unexpected token" quotes the text instead of a position, and the text may say "position 5" itself.
    const at = /^(?!Unexpected token).* at position (\d+)/.exec((error as Error).message)?.[1]
    return { isJson: false, ...(at !== undefined && { at: Number(at) }) }
  }
}

const almostJson = fc
  .tuple(
    fc.json({ depthSize: 'medium' }),
    fc.nat(),
    fc.nat(3),
    fc.string({ unit: fc.constantFrom(...'{}[],:"\\ \nu0e.-1tN'), maxLength: 2 }),
  )
  .map(([json, at, cut, put]) => {
    const place = at % (json.length + 1)
    return json.slice(0, place) + put + json.slice(place + cut)
  })

test('takes what JSON.parse takes, and stops where it stops', () => {
  fc.assert(
    fc.property(fc.oneof(almostJson, fc.string({ unit: fc.constantFrom(...'{}[],:"\\ \tn1-eE.+0ua') })), (text) => {
      const { problem } = scanJson(text)
      const { isJson, at } = parsed(text)
      expect(problem === undefined).toBe(isJson)
      if (at !== undefined) expect(problem).toEqual({ kind: 'syntax', at })
    }),
    { numRuns: endurance(1000, 50_000) },
  )
})

test.each([
  '"\u0000"',
  '"\\u12g4"',
  '"\\u12',
  '"\\x"',
  '"tab\there"',
  '01',
  '-',
  '-a',
  '1.',
  '1.e5',
  '1e',
  '1e+',
  '.5',
  '+1',
  '1.5e-3',
  'tru',
  'trux',
  'nul',
  'falsey',
  '[1,]',
  '{"a":1,}',
  '{"a"}',
  '{"a":}',
  '{1:2}',
  '[1 2]',
  '1 2',
  ']',
  '{]',
  '[}',
  '"a',
  '"a\\',
  '\ufeff1',
  '[1\u00a0]',
])('agrees with JSON.parse about %j', (text) => {
  const { isJson, at } = parsed(text)
  const { problem } = scanJson(text)
  expect(problem === undefined).toBe(isJson)
  if (at !== undefined) expect(problem).toEqual({ kind: 'syntax', at })
})

test("finds Python's words for what is no number, outside strings alone", () => {
  const text = '{"NaN": NaN, "a": [-Infinity, "Infinity", Infinity, -1]}'
  const { problem, notNumbers } = scanJson(text, { isPython: true })
  expect(problem).toBeUndefined()
  expect(notNumbers.map((at) => text.slice(at, at + 3))).toEqual(['NaN', '-In', 'Inf'])
  expect(scanJson(text).problem).toEqual({ kind: 'syntax', at: 8 })
})

test('counts values, names and levels, and stops beyond either limit', () => {
  const limits = { depth: 3, values: 6 }
  const problemOf = (text: string) => scanJson(text, { limits }).problem
  expect(problemOf('[[[1]]]')).toBeUndefined()
  expect(problemOf('[[[[')).toEqual({ kind: 'deep', at: 3 })
  expect(problemOf('[[{"a":{}}]]')).toEqual({ kind: 'deep', at: 7 })
  expect(problemOf('[1,2,3,4,5]')).toBeUndefined()
  expect(problemOf('[1,2,3,4,5,6]')).toEqual({ kind: 'many', at: 11 })
  expect(problemOf('[[],{},[],{},"",[]]')).toMatchObject({ kind: 'many' })
  expect(problemOf('{"a":1,"b":2}')).toBeUndefined()
  expect(problemOf('{"a":1,"b":2,"c":3}')).toMatchObject({ kind: 'many' })
})

test('long texts of few values are within the limits', () => {
  const text = JSON.stringify({ text: 'x'.repeat(8_000_000), list: Array(jsonLimits.values - 10).fill(0) })
  expect(scanJson(text).problem).toBeUndefined()
})
