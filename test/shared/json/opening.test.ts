import { expect, test } from 'vitest'
import { jsonOpening } from '../../../src/shared/json/opening.ts'

const text = '{"a": "one", "b": [1, 2, 3], "c\\u0064": {"x": 1}}'

test('all members of a short text are there', () => {
  expect(jsonOpening(text, 1000, 10)).toEqual({
    members: [
      { name: 'a', json: '"one"', cutFrom: undefined },
      { name: 'b', json: '[1, 2, 3]', cutFrom: undefined },
      { name: 'cd', json: '{"x": 1}', cutFrom: undefined },
    ],
    isWhole: true,
  })
  expect(jsonOpening('[1, "x"]', 1000, 10).members.map(({ json }) => json)).toEqual(['1', '"x"'])
  expect(jsonOpening('"text"', 1000, 10)).toEqual({ members: [], isWhole: true })
})

test('no more are read than are asked for', () => {
  const { members, isWhole } = jsonOpening(text, 1000, 2)
  expect([members.map(({ name }) => name), isWhole]).toEqual([['a', 'b'], false])
})

test('wherever the text is cut, the last value says that it may be', () => {
  for (let length = 0; length < text.length; length++) {
    const { members, isWhole } = jsonOpening(text, length, 10)
    expect(isWhole).toBe(false)
    expect(members.slice(0, -1).some(({ cutFrom }) => cutFrom !== undefined)).toBe(false)
    for (const { json, cutFrom } of members) {
      if (cutFrom === undefined) expect(['"one"', '[1, 2, 3]', '{"x": 1}']).toContain(json)
      else expect(text.slice(cutFrom).startsWith(json)).toBe(true)
    }
  }
  expect(jsonOpening(text, 9, 10).members).toEqual([{ name: 'a', json: '"on', cutFrom: 6 }])
})
