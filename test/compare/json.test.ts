import { assert, jsonValue, property } from 'fast-check'
import { expect, test } from 'vitest'
import { comparePayloads, type Difference } from '../../src/orchestrator/compare/json.ts'

const compare = (a: unknown, b: unknown) =>
  comparePayloads(
    typeof a === 'string' || a === null ? a : JSON.stringify(a),
    typeof b === 'string' || b === null ? b : JSON.stringify(b),
  )
const line = ({ kind, path, a, b, more }: Difference) =>
  [kind, path.join('.'), a ?? '', b ?? '', ...(more > 0 ? [`+${more}`] : [])].join(' | ')
const lines = (a: unknown, b: unknown) => compare(a, b).differences.map(line)

test('names what was added, removed, changed and what is the same, place by place', () => {
  expect(lines({ a: 1, b: { c: 'x', d: [1] }, e: true }, { b: { c: 'y', d: [1] }, e: true, f: null })).toEqual([
    'removed | a | 1 | ',
    'changed | b.c | "x" | "y"',
    'same | b.d | [1] | [1]',
    'same | e | true | true',
    'added | f |  | null',
  ])
})

test('numbers are compared digit by digit', () => {
  expect(lines('{"n": 12345678901234567890, "m": 1.0}', '{"n": 12345678901234567891, "m": 1}')).toEqual([
    'changed | n | 12345678901234567890 | 12345678901234567891',
    'changed | m | 1.0 | 1',
  ])
})

test('the order of names, space and the spelling of texts are no difference', () => {
  const { isSame, differences } = compare(
    '{"b": ["é", {"y": 1, "x": 2}], "a": 1}',
    '{"a":1,"b":["\\u00e9",{"x":2,"y":1}]}',
  )
  expect(isSame).toBe(true)
  expect(differences.map(({ kind, path }) => [kind, path])).toEqual([
    ['same', ['b']],
    ['same', ['a']],
  ])
})

test('what was put into a list, or taken out of it, moves nothing else', () => {
  expect(lines([1, 2, 3, 4], [0, 1, 2, 4])).toEqual([
    'added | 0 |  | 0',
    'same | 0 | 1 | 1 | +1',
    'removed | 2 | 3 | ',
    'same | 3 | 4 | 4',
  ])
})

test('items of one kind that take each other’s place are compared with each other', () => {
  const a = { list: [1, { id: 1, name: 'a' }, 9] }
  const b = { list: [{ id: 1, name: 'b' }, 9] }
  expect(lines(a, b)).toEqual([
    'removed | list.0 | 1 | ',
    'same | list.1.id | 1 | 1',
    'changed | list.1.name | "a" | "b"',
    'same | list.2 | 9 | 9',
  ])
})

test('a value of another kind is a change of the whole', () => {
  expect(lines({ a: { b: 1 } }, { a: [1] })).toEqual(['changed | a | {"b":1} | [1]'])
  expect(lines('1', '"1"')).toEqual(['changed |  | 1 | "1"'])
})

test('words that changed in a long text are known, short texts are compared as a whole', () => {
  const text = 'The first offshore wind farm was built off the Danish coast in 1991.'
  const [long] = compare({ t: text }, { t: text.replace('1991', '1992') }).differences
  expect(long!.pieces).toContainEqual({ kind: 'added', text: '1992' })
  expect(compare({ t: 'short' }, { t: 'shorter' }).differences[0]!.pieces).toBeUndefined()
})

test('where one run has nothing, everything of the other was added or removed', () => {
  expect(lines(null, { a: 1, b: [2] })).toEqual(['added | a |  | 1', 'added | b |  | [2]'])
  expect(lines({ a: 1 }, null)).toEqual(['removed | a | 1 | '])
  expect(compare(null, null)).toMatchObject({ by: 'nothing', isSame: true, differences: [] })
  expect(compare(null, '{}')).toMatchObject({ by: 'values', isSame: false })
})

test('what Python wrote is compared by its values: NaN, and reprs', () => {
  expect(lines('{"a": NaN, "b": 1}', '{"a": NaN, "b": Infinity}')).toEqual([
    'same | a | NaN | NaN',
    'changed | b | 1 | Infinity',
  ])
  expect(lines(`{'a': None, 'b': "it's"}`, '{"a": null, "b": "its"}')).toEqual([
    'same | a | null | null',
    `changed | b | "it's" | "its"`,
  ])
})

test('what is no JSON is compared by its text', () => {
  const compared = compare('a text of one', 'a text of two')
  expect(compared).toMatchObject({ by: 'texts', isSame: false })
  expect(compared.differences[0]!.pieces).toContainEqual({ kind: 'removed', text: 'one' })
  expect(compare('plain', '{"a": 1}')).toMatchObject({ by: 'texts', isSame: false })
  expect(compare('plain', 'plain')).toMatchObject({ by: 'texts', isSame: true })
})

test.each([
  ['long', JSON.stringify({ text: 'x'.repeat(300_000) })],
  ['of many values', JSON.stringify(Array.from({ length: 20_000 }, (_, index) => index))],
  ['nested deep', `${'['.repeat(5000)}${']'.repeat(5000)}`],
])('a payload that is %s is compared by its text alone', (_, large) => {
  const tooLarge = { a: large.length, b: 7 }
  expect(compare(large, '{"a":1}')).toMatchObject({ by: 'nothing', isSame: false, tooLarge, differences: [] })
  expect(compare(large, large)).toMatchObject({ isSame: true, differences: [] })
})

test('of very many differences the first are shown, and that there are more is said', () => {
  const many = (n: number) =>
    Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`name ${index}`, index * n]))
  const { differences, isCut } = compare(many(1), many(2))
  expect(isCut).toBe(true)
  expect(differences).toHaveLength(500)
})

test('lists that are too long to be aligned are compared index by index', () => {
  const list = (n: number) => Array.from({ length: 1200 }, (_, index) => `${index * n}`)
  expect(compare(list(3), list(2)).differences.slice(0, 2).map(line)).toEqual([
    'same | 0 | "0" | "0"',
    'changed | 1 | "3" | "2"',
  ])
})

test('names of every kind are names', () => {
  const odd = '{"__proto__": 1, "": 2, "constructor": 3, "a/b": 4}'
  expect(lines(odd, odd.replaceAll(/\d/g, '7'))).toEqual([
    'changed | __proto__ | 1 | 7',
    'changed |  | 2 | 7',
    'changed | constructor | 3 | 7',
    'changed | a/b | 4 | 7',
  ])
})

test('what breaks off is compared as text', () => {
  for (const broken of ['{"a":{"a":', '{"a"', '[1,', '["a']) {
    expect(comparePayloads(broken, '{"a":1}').isSame).toBe(false)
    expect(comparePayloads('{"a":1}', broken).isSame).toBe(false)
    expect(comparePayloads(broken, broken).isSame).toBe(true)
  }
})

test('a value is the same as itself, and differs from any other', () => {
  assert(
    property(jsonValue(), jsonValue(), (a, b) => {
      const [x, y] = [JSON.stringify(a), JSON.stringify(b, null, 1)]
      expect(comparePayloads(x, JSON.stringify(a, null, 2)).isSame).toBe(true)
      const { isSame, differences } = comparePayloads(x, y)
      expect(isSame).toBe(canonical(a) === canonical(b))
      if (!isSame && x !== '{}' && y !== '{}') expect(differences.some(({ kind }) => kind !== 'same')).toBe(true)
      if (isSame) expect(differences.every(({ kind }) => kind === 'same')).toBe(true)
    }),
  )
})

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`)
    .sort()
    .join()}}`
}
