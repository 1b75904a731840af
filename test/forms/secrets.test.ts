import { describe, expect, test } from 'vitest'
import { type InputSchema, readInputSchema } from '../../src/agent/schema/input-schema.ts'
import { withholdSecrets } from '../../src/orchestrator/forms/secrets.ts'

const password = { type: 'string', format: 'password' }
const user = { type: 'object', properties: { name: { type: 'string' }, pass: password } }

function schemaOf(schema: object): InputSchema {
  return readInputSchema(JSON.stringify(schema)) as InputSchema
}

/** What is kept of a value of an input of this type. */
function kept(type: unknown, value: unknown, more: object = {}): unknown {
  const withheld = withholdSecrets(schemaOf({ inputs: { x: { type } }, ...more }), JSON.stringify({ x: value }))
  return withheld ? [JSON.parse(withheld.stored).x, ...withheld.fields] : 'all'
}

const node = {
  type: 'object',
  properties: {
    pin: { type: 'integer', writeOnly: true },
    children: { type: 'array', items: { $ref: '#/$defs/Node' } },
  },
}
const nested = (depth: number): object => (depth === 0 ? { pin: 123456 } : { children: [nested(depth - 1)] })

describe('a secret is found', () => {
  test.each<[string, unknown, unknown, unknown[]]>([
    ['in a list of objects', { type: 'array', items: user }, [{ name: 'a', pass: 'b' }], [[{ name: 'a' }], 'x.*.pass']],
    ['in a union', { anyOf: [user, { type: 'integer' }] }, { name: 'a', pass: 'b' }, [{ name: 'a' }, 'x.pass']],
    ['that is one of several', { oneOf: [password, { type: 'integer' }] }, 'b', [undefined, 'x']],
    ['in a dict', { type: 'object', additionalProperties: user }, { k: { pass: 'b' } }, [{ k: {} }, 'x.k.pass']],
    ['in a dict of patterns', { patternProperties: { '^(a+)+$': password } }, { a: 'b' }, [{}, 'x.a']],
    [
      'beside named members',
      { properties: { a: {} }, additionalProperties: password },
      { a: 'a', b: 'b' },
      [{ a: 'a' }, 'x.b'],
    ],
    ['in a tuple', { prefixItems: [{ type: 'string' }, password] }, ['a', 'b'], [undefined, 'x']],
    ['in a list of lists', { items: { items: password } }, [['a'], ['b']], [undefined, 'x']],
    [
      'in parts of all',
      { allOf: [{ properties: { a: {} } }, { properties: { b: password } }] },
      { a: 1, b: 'b' },
      [{ a: 1 }, 'x.b'],
    ],
    ['in what holds under a condition', { if: {}, else: { properties: { b: password } } }, { b: 'b' }, [{}, 'x.b']],
    [
      'in what comes with another member',
      { dependencies: { a: { properties: { b: password } }, c: ['a'] } },
      { a: 1, b: 'b' },
      [{ a: 1 }, 'x.b'],
    ],
    ['that is a whole object', { type: 'object', writeOnly: true }, { a: 1 }, [undefined, 'x']],
    ['of a format in capitals', { type: 'string', format: 'PASSWORD' }, 's3cret-value', [undefined, 'x']],
    ['that is a number', { type: 'integer', writeOnly: true }, 123456, [undefined, 'x']],
    ['in Python', 'SecretStr', 'b', [undefined, 'x']],
    ['in a list of Python', 'list[SecretStr]', ['b'], [undefined, 'x']],
    [
      'deep in Python',
      'dict[str, list[dict[str, Optional[pydantic.SecretStr]]]]',
      { k: [{ a: 'b', c: null }] },
      [{ k: [{ c: null }] }, 'x.k.*.a'],
    ],
    ['in a union of Python', 'int | SecretBytes', 'b', [undefined, 'x']],
    ['in a generic', 'Secret[int]', 123456, [undefined, 'x']],
    ['in what nobody knows', 'Box[SecretStr]', { v: 'b' }, [undefined, 'x']],
    ['in what nobody can read', 'Annotated[SecretStr, Field(min_length=8)]', 'b', [undefined, 'x']],
    ['as the items of a JSON Schema', { type: 'array', items: 'SecretStr' }, ['b'], [undefined, 'x']],
    ['behind a word that is escaped', { type: 'string', format: 'password' }, 'b', [undefined, 'x']],
  ])('%s', (_, type, value, expected) => {
    expect(kept(type, value)).toEqual(expected)
  })

  test('at any depth of a type that holds itself', () => {
    const withheld = kept({ $ref: '#/$defs/Node' }, nested(60), { $defs: { Node: node } })
    expect(JSON.stringify(withheld)).not.toContain('123456')
    expect(withheld).toHaveLength(2)
  })

  test('in inputs that one schema describes, named or not', () => {
    const schema = schemaOf({
      $ref: '#/$defs/In',
      $defs: { In: { properties: { a: user }, additionalProperties: password } },
    })
    expect(withholdSecrets(schema, '{"a": {"name": "n", "pass": "b"}, "c": "d"}')).toEqual({
      stored: '{"a":{"name":"n"}}',
      fields: ['a.pass', 'c'],
    })
  })

  test('under each of two members of one name', () => {
    const schema = schemaOf({ inputs: { x: { type: password } } })
    expect(withholdSecrets(schema, '{"x":"one","y":1.0,"x":"two"}')).toEqual({ stored: '{"y":1.0}', fields: ['x'] })
  })

  test('where a reference leads by a name that is not looked for', () => {
    const $defs = { Pass: { $anchor: 'pass', ...password } }
    expect(kept({ $ref: '#pass' }, 'b', { $defs })).toEqual([undefined, 'x'])
  })
})

describe('nothing is withheld', () => {
  test.each<[string, unknown, unknown]>([
    ['of other members', { properties: { pass: password } }, { name: 'a' }],
    ['of an empty password', password, ''],
    ['of null', password, null],
    ['for the words of a Literal', "Literal['SecretStr']", 'SecretStr'],
    ['for a description', { type: 'string', description: 'Your password' }, 'b'],
    ['of a list without items', { type: 'array', items: user }, []],
  ])('%s', (_, type, value) => {
    expect(kept(type, value)).toBe('all')
  })
})

test('an input that holds a password shows no default and no example of it', () => {
  const schema = schemaOf({
    inputs: {
      key: { type: 'SecretStr', default: 'hunter2' },
      users: { type: { type: 'array', items: user }, required: false, default: [{ pass: 'hunter2' }] },
      login: { type: { ...user, properties: { pass: { ...password, examples: ['hunter2'] } } }, required: false },
    },
  })
  expect(JSON.stringify(schema.inputs)).not.toContain('hunter2')
  expect(schema.inputs.every(({ holdsSecret }) => holdsSecret)).toBe(true)
})

test.each([
  [
    'a type nested 100,000 deep',
    `{"inputs":{"a":${'{"format":"password","items":'.repeat(20_000)}{}${'}'.repeat(20_000)}}}`,
  ],
  ['types in types', `{"inputs":{"a":${'{"type":'.repeat(800)}"SecretStr"${'}'.repeat(800)}}}`],
  [
    'many that refer to each other',
    JSON.stringify({
      inputs: Object.fromEntries(
        Array.from({ length: 3000 }, (_, index) => [`i${index}`, { $ref: `#/$defs/d${index % 100}` }]),
      ),
      $defs: Object.fromEntries(
        Array.from({ length: 100 }, (_, index) => [
          `d${index}`,
          {
            properties: {
              p: password,
              next: { $ref: `#/$defs/d${(index * 7) % 100}` },
              other: { $ref: `#/$defs/d${(index * 11) % 100}` },
            },
          },
        ]),
      ),
    }),
  ],
])('a schema without end is read to its secrets, or withholds all: %s', (_, text) => {
  const schema = readInputSchema(text) as InputSchema
  const withheld = withholdSecrets(schema, '{"a":"hunter2","i7":{"p":"hunter2","next":{"p":"hunter2"}}}')
  expect(withheld!.fields.length).toBeGreaterThan(0)
  expect(withheld!.stored.split('hunter2').length).toBeLessThan(4)
})
