import { expect, test } from 'vitest'
import { readInputSchema } from '../../../src/agent/schema/input-schema.ts'

const mebibyte = 1024 * 1024
const inputs = (described: Record<string, unknown>, more: object = {}) => JSON.stringify({ inputs: described, ...more })
const many = (count: number, describe: (index: number) => unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`input${index}`, describe(index)]))
const nested = (open: string, close: string, depth: number) => `${open.repeat(depth)}{}${close.repeat(depth)}`

const parts = (describe: (name: string) => unknown) => Object.keys(many(8000, () => 0)).map(describe)
const twice = (next: string) => ({ type: 'object', properties: { x: { $ref: next }, y: { $ref: next } } })
const schemas: [string, string][] = [
  ['a type nested 100,000 deep', `{"inputs":{"a":{"type":${nested('[', ']', 100_000).replace('{}', '')}}}}`],
  [
    'a type of a mebibyte of brackets',
    `{"inputs":{"a":{"type":${'['.repeat(mebibyte / 2)}${']'.repeat(mebibyte / 2)}}}}`,
  ],
  ['lists of lists without end', `{"inputs":{"a":${nested('{"type":"array","items":', '}', 30_000)}}}`],
  ['objects in objects without end', `{"inputs":{"a":${nested('{"type":"object","properties":{"a":', '}}', 20_000)}}}`],
  ['variants of variants without end', `{"inputs":{"a":${nested('{"anyOf":[', ']}', 50_000)}}}`],
  ['types in types without end', `{"inputs":{"a":${nested('{"type":', '}', 800)}}}`],
  ['a default nested 100,000 deep', `{"inputs":{"a":{"type":"list","default":${nested('[', ']', 100_000)}}}}`],
  ['5,000 inputs', inputs(many(5000, () => ({ type: 'object', properties: { a: { type: 'string' }, b: {} } })))],
  ['50,000 inputs', inputs(many(50_000, () => 'str'))],
  ['a group of 50,000', inputs({ a: { type: 'object', properties: many(50_000, () => ({})) } })],
  ['a reference to itself', inputs({ a: { $ref: '#/inputs/a' }, b: { $ref: '#' }, c: { type: { $ref: '#' } } })],
  [
    'references in a circle',
    inputs({ a: { $ref: '#/$defs/A' } }, { $defs: { A: { $ref: '#/$defs/B' }, B: { $ref: '#/$defs/A' } } }),
  ],
  ['a group that holds itself twice', inputs({ a: { $ref: '#/$defs/A' } }, { $defs: { A: twice('#/$defs/A') } })],
  [
    'definitions that double',
    inputs({ a: { $ref: '#/$defs/input0' } }, { $defs: many(60, (index) => twice(`#/$defs/input${index + 1}`)) }),
  ],
  ['a long reference', inputs({ a: { $ref: `#${'/a'.repeat(100_000)}` } })],
  [
    '5,000 references to 200 KB',
    inputs(
      many(5000, () => ({ $ref: '#/$defs/A' })),
      { $defs: { A: { description: 'x'.repeat(200_000) } } },
    ),
  ],
  [
    '5,000 references to 5,000 places',
    inputs(
      many(5000, (index) => ({ $ref: `#/$defs/input${index}` })),
      { $defs: many(5000, () => ({ type: 'string' })) },
    ),
  ],
  ['3,000 references to the whole', inputs(many(3000, () => ({ type: { $ref: '#' } })))],
  [
    '8,000 parts with a property each',
    JSON.stringify({ type: 'object', allOf: parts((name) => ({ properties: { [name]: {} } })) }),
  ],
  ['8,000 parts of one property', inputs({ a: { allOf: parts((name) => ({ properties: { a: { title: name } } })) } })],
  ['8,000 parts that require something', inputs({ a: { allOf: parts((name) => ({ required: [name] })) } })],
  ['100,000 options', inputs({ a: { enum: Array.from({ length: 100_000 }, (_, index) => index) } })],
  [
    '20,000 variants',
    inputs({ a: { anyOf: Array.from({ length: 20_000 }, (_, minLength) => ({ type: 'string', minLength })) } }),
  ],
  [
    '50,000 words for one type',
    inputs({ a: { type: Array.from({ length: 50_000 }, () => 'string'), description: 'x'.repeat(200_000) } }),
  ],
  ['a Python type without end', inputs({ a: 'list['.repeat(100_000), b: `Literal[${'"a",'.repeat(100_000)}]` })],
  ['1,000 deep Python types', inputs(many(1000, () => `${'list['.repeat(160)}str${']'.repeat(160)}`))],
  [
    'patterns that take for ever',
    inputs(many(100, () => ({ type: 'string', pattern: '^(a+)+$', default: `${'a'.repeat(5000)}!` }))),
  ],
  ['a mebibyte of quotes', inputs({ a: { type: '\\"'.repeat(mebibyte / 4) } })],
  ['a long default', inputs({ a: { type: 'list', default: Array.from({ length: 150_000 }, (_, index) => index) } })],
]

test.each(schemas)('%s ends in a form or in a JSON field', (_, text) => {
  expect(readInputSchema(text)).toMatchObject({ inputs: expect.anything() })
})

test.each(schemas)('%s is looked through for passwords no longer than it is worth', (_, text) => {
  expect(readInputSchema(text.replace('{', '{"note":"password",'))).toMatchObject({ inputs: expect.anything() })
})

test('names that mean something in JavaScript are names', () => {
  const schema = readInputSchema(`{"inputs":{
    "__proto__":{"type":"object","properties":{"__proto__":{"type":"string"}}},
    "constructor":{"$ref":"#/__proto__"},"hasOwnProperty":"toString"}}`)
  expect(schema).toMatchObject({
    inputs: [
      { name: '__proto__', type: { kind: 'group', inputs: [{ name: '__proto__' }] } },
      { name: 'constructor' },
      { name: 'hasOwnProperty', type: { kind: 'any' } },
    ],
  })
  expect(({} as Record<string, unknown>).type).toBeUndefined()
})

test('of inputs without end the first are read, and others can be given as JSON', () => {
  const schema = readInputSchema(inputs(many(6000, () => 'str')))
  expect(typeof schema === 'object' && schema.inputs.length).toBe(5000)
})

test('a name that no browser can send is left to JSON', () => {
  expect(readInputSchema('{"inputs":{"\\ud800":"str","a":"str"}}')).toMatchObject({ inputs: [{ name: 'a' }] })
})

test.each([`{"inputs":${'['.repeat(5000)}`, `{"inputs":{"a":{"type":${'{"a":'.repeat(5000)}nonsense`])(
  'what is deep and broken is told or read, and never fails: %#',
  (text) => expect(['string', 'object']).toContain(typeof readInputSchema(text)),
)
