import { expect, test } from 'vitest'
import { leavesOf, valuesAt } from '../../../src/orchestrator/history/search/payload-values.ts'
import { payloadValue } from '../../../src/shared/json/payload.ts'

test('a path leads to values in the order of the payload, through lists', () => {
  const value = { items: [{ score: 1 }, [{ score: 2 }], 'x', null, { score: [3, 4] }], score: 9 }
  expect(valuesAt(value, ['items', 'score'])).toEqual([1, 2, [3, 4]])
  expect(valuesAt(value, ['items', '2'])).toEqual(['x'])
  expect(valuesAt(value, ['score'])).toEqual([9])
  expect(valuesAt(value, [])).toEqual([value])
  expect(valuesAt(value, ['score', 'x'])).toEqual([])
  expect(valuesAt({}, ['constructor'])).toEqual([])
})

test('the leaves of values are all that is in them', () => {
  expect(leavesOf([{ a: [1, { b: 'x' }] }, null, [], true])).toEqual([1, 'x', null, true])
})

test('a payload is read as JSON, or as Python writes a dict', () => {
  expect(payloadValue('{"a": NaN}')).toEqual({ a: null })
  expect(payloadValue(`{'a': (1, True)}`)).toEqual({ a: [1, true] })
  for (const payload of ['', 'None', 'plain', '{a}', "{'a': <object>}"]) expect(payloadValue(payload)).toBeUndefined()
})
