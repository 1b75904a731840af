import { describe, expect, test } from 'vitest'
import { readInputSchema } from '../../../src/agent/schema/input-schema.ts'
import { type Input, type InputType, plainText, type ReadType } from '../../../src/agent/schema/input-type.ts'

const text = plainText
const anything: InputType = { kind: 'any', isObject: false }
const part = (type: InputType, label: string, isNullable = type === anything, title?: string): ReadType => ({
  ...{ type, isNullable, label },
  ...(title !== undefined && { title }),
})
const list: InputType = { kind: 'rows', item: part(anything, 'any') }
const object: InputType = { kind: 'map', value: part(anything, 'any'), accepts: 'object' }
const rows = (...item: Parameters<typeof part>): InputType => ({ kind: 'rows', item: part(...item) })
const union = (...variants: ReadType[]): InputType => ({ kind: 'union', variants })
const choice = (...options: (string | [string, string])[]): InputType => ({
  kind: 'choice',
  options: options.map((option) =>
    typeof option === 'string'
      ? { json: JSON.stringify(option), label: option }
      : { json: option[0], label: option[1] },
  ),
})

/** The input that a description makes; `around` stands beside the inputs. */
function inputOf(described: string, around = '"x":1'): Input {
  const schema = readInputSchema(`{"inputs":{"it":${described}},${around}}`)
  if (typeof schema === 'string') throw new Error(schema)
  return schema.inputs[0]!
}

const defs = `"$defs":{"Colour":{"enum":["red","green"],"description":"A colour"},"Loop":{"$ref":"#/$defs/Loop"},
  "Ping":{"$ref":"#/$defs/Pong"},"Pong":{"$ref":"#/$defs/Ping"},"a/b":{"type":"integer"},
  "Tree":{"type":"object","properties":{"left":{"$ref":"#/$defs/Tree"},"name":{"type":"string"}}}}`

describe.each(['at the place of the type', 'at the place of the whole description'])('a JSON Schema %s', (place) => {
  const typeOf = (schema: string) => {
    const { type, isNullable } = inputOf(place.includes('type') ? `{"type":${schema}}` : schema, defs)
    return isNullable && type.kind !== 'any' ? [type, null] : type
  }

  test.each<[string, unknown]>([
    ['{"type":"string"}', text],
    ['{"type":"string","format":"date"}', { ...text, format: 'date' }],
    ['{"type":"string","format":"time"}', { ...text, format: 'time' }],
    ['{"type":"string","format":"date-time"}', { ...text, format: 'date-time' }],
    ['{"type":"string","format":"email"}', { ...text, hint: 'email' }],
    ['{"type":"string","format":"uri"}', { ...text, hint: 'url' }],
    ['{"type":"string","format":"uuid"}', { ...text, hint: 'uuid' }],
    ['{"type":"string","format":"binary"}', { ...text, isLong: true, hint: 'file' }],
    ['{"type":"string","contentEncoding":"base64"}', { ...text, isLong: true, hint: 'file' }],
    ['{"type":"string","format":"password"}', { ...text, isSecret: true }],
    ['{"type":"string","writeOnly":true}', { ...text, isSecret: true }],
    ['{"type":"string","format":"Password"}', { ...text, isSecret: true }],
    ['{"type":"string","maxLength":5000}', { ...text, isLong: true, maxLength: 5000 }],
    ['{"type":"string","format":"textarea"}', { ...text, isLong: true }],
    [
      '{"type":"string","minLength":1,"maxLength":9,"pattern":"^(a+)+$"}',
      { ...text, minLength: 1, maxLength: 9, pattern: '^(a+)+$' },
    ],
    ['{"type":"string","minLength":-1,"maxLength":"9","pattern":1}', text],
    [
      '{"type":"integer","minimum":1,"maximum":9007199254740993}',
      { kind: 'integer', minimum: '1', maximum: '9007199254740993' },
    ],
    ['{"type":"number","exclusiveMinimum":0.10,"exclusiveMaximum":"1"}', { kind: 'number', exclusiveMinimum: '0.10' }],
    ['{"type":"boolean"}', { kind: 'boolean' }],
    ['{"type":["string","null"]}', [text, null]],
    ['{"type":["integer","number"]}', { kind: 'number' }],
    ['{"type":["integer","string"]}', union(part({ kind: 'integer' }, 'integer'), part(text, 'string'))],
    ['{"type":["null"]}', anything],
    ['{"type":"string","nullable":true}', [text, null]],
    [
      '{"enum":["a",1,1.50,true,{"b" : [ 1]}]}',
      choice('a', ['1', '1'], ['1.50', '1.50'], ['true', 'true'], ['{"b":[1]}', '{"b":[1]}']),
    ],
    ['{"enum":["a",null,"a"]}', [choice('a'), null]],
    ['{"enum":[]}', anything],
    ['{"enum":[null]}', anything],
    ['{"const":"only"}', choice('only')],
    ['{"const":12345678901234567890}', choice(['12345678901234567890', '12345678901234567890'])],
    ['{"anyOf":[{"type":"string"},{"type":"null"}]}', [text, null]],
    ['{"oneOf":[{"type":"null"},{"type":"integer"}]}', [{ kind: 'integer' }, null]],
    ['{"anyOf":[{"type":"integer"},{"type":"number"}]}', { kind: 'number' }],
    ['{"anyOf":[{"type":"string"},{"type":"string","format":"date"}]}', text],
    ['{"oneOf":[{"const":"a","title":"First"},{"const":"b"}]}', choice(['"a"', 'First'], 'b')],
    [
      '{"anyOf":[{"type":"string"},{"type":"integer"}]}',
      union(part(text, 'string', false, undefined), part({ kind: 'integer' }, 'integer')),
    ],
    [
      '{"anyOf":[{"type":"string"},{"type":"number"},{"type":"integer"},{"type":"null"}]}',
      [union(part(text, 'string'), part({ kind: 'number' }, 'number | integer')), null],
    ],
    ['{"anyOf":[{"type":"string"},{"enum":["a"]}]}', union(part(choice('a'), 'enum'), part(text, 'string'))],
    ['{"anyOf":[{"type":"string"},{}]}', anything],
    [
      '{"anyOf":[{"type":"number"},{"type":"string","pattern":"^-?\\\\d+(\\\\.\\\\d+)?$"}]}',
      { kind: 'number', isDecimal: true },
    ],
    ['{"anyOf":[{"type":"string","pattern":"^\\\\d+$"},{"type":"number"}]}', { kind: 'number', isDecimal: true }],
    ['{"type":"string","anyOf":[{"minLength":1},{"pattern":"x"}]}', text],
    ['{"anyOf":[]}', anything],
    ['{"allOf":[{"$ref":"#/$defs/Colour"}]}', choice('red', 'green')],
    ['{"allOf":[{"type":"string"},{"minLength":1}]}', { ...text, minLength: 1 }],
    ['{"allOf":[{"$ref":"#/$defs/Colour"},true],"title":"Mine"}', choice('red', 'green')],
    ['{"allOf":[{"type":"string","format":"password"},{"format":"uuid"}]}', { ...text, isSecret: true }],
    ['{"allOf":[{"$ref":"#/$defs/Loop"},{"type":"integer"}]}', { kind: 'integer' }],
    ['{"allOf":"#/$defs/Colour"}', anything],
    ['{"const":"only","title":"A title"}', choice('only')],
    ['{"enum":["only"],"title":"A title"}', choice('only')],
    ['{"anyOf":[{"const":"only","title":"A title"},{"type":"null"}]}', [choice('only'), null]],
    ['{"$ref":"#/$defs/Colour"}', choice('red', 'green')],
    ['{"$ref":"#/$defs/a~1b"}', { kind: 'integer' }],
    ['{"$ref":"#/$defs/Loop"}', anything],
    ['{"$ref":"#/$defs/Ping"}', anything],
    ['{"$ref":"#/$defs/Nobody"}', anything],
    ['{"$ref":"#"}', anything],
    ['{"$ref":"https://example.com/schema.json"}', anything],
    ['{"$ref":7}', anything],
    [
      '{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":3}',
      { kind: 'list', items: text, minItems: 1, maxItems: 3 },
    ],
    ['{"type":"array","items":{"$ref":"#/$defs/Colour"}}', { kind: 'list', items: choice('red', 'green') }],
    ['{"type":"array","items":{"type":["string","null"]}}', rows(text, 'string | null', true)],
    ['{"type":"array","items":{"type":"array"}}', rows(list, 'array')],
    [
      '{"type":"array","items":{"$ref":"#/$defs/a~1b"},"minItems":1}',
      { kind: 'list', items: { kind: 'integer' }, minItems: 1 },
    ],
    ['{"type":"array","items":true}', list],
    [
      '{"type":"array","prefixItems":[{"type":"string"}],"items":{"type":"string"}}',
      { kind: 'tuple', items: [part(text, 'string')], minItems: 0 },
    ],
    [
      '{"type":"array","items":[{"type":"string","title":"A"},true],"minItems":1}',
      { kind: 'tuple', items: [part(text, 'string', false, 'A'), part(anything, 'any', true)], minItems: 1 },
    ],
    ['{"type":"array"}', list],
    ['{"type":"object"}', object],
    ['{"type":"object","properties":{}}', object],
    [
      '{"type":"object","additionalProperties":{"type":"string"}}',
      { kind: 'map', value: part(text, 'string'), accepts: 'object' },
    ],
    ['{}', anything],
    ['{"type":"list[str]"}', { kind: 'list', items: text }],
    ['{"type":"bytes"}', { ...text, isLong: true, hint: 'file' }],
    ['{"type":"EmailStr","maxLength":5}', { ...text, hint: 'email', maxLength: 5 }],
    ['{"type":"str","maxLength":5}', { ...text, maxLength: 5 }],
    ['{"type":"Optional[int]","minimum":3}', [{ kind: 'integer', minimum: '3' }, null]],
  ])('%s is understood', (schema, expected) => expect(typeOf(schema)).toEqual(expected))

  test.each(['7', 'null', 'true', '[]'])('that is none, as %s, takes any JSON', (schema) => {
    expect(typeOf(schema)).toEqual(anything)
  })
})

describe('an object with properties', () => {
  test('is a group of inputs, each with all that is said of it', () => {
    const { type } = inputOf(`{"type":"object","required":["city"],"properties":{
      "city":{"type":"string","description":"Where"},"zip":{"type":"string","default":"10115","examples":["1", "2", 3, 4]}}}`)
    expect(type).toEqual({
      kind: 'group',
      inputs: [
        {
          name: 'city',
          type: text,
          typeLabel: 'string',
          isRequired: true,
          isNullable: false,
          title: '',
          description: 'Where',
          examples: [],
        },
        {
          name: 'zip',
          type: text,
          typeLabel: 'string',
          isRequired: false,
          isNullable: false,
          defaultJson: '"10115"',
          title: '',
          description: '',
          examples: ['"1"', '"2"', '3'],
        },
      ],
    })
  })

  test('takes the properties of all parts, and of one in two parts what both say', () => {
    const { type } = inputOf(
      `{"allOf":[{"properties":{"a":{"type":"string"},"b":{"minLength":2}},"required":["a"]},
      {"$ref":"#/$defs/Part"}],"required":["b"]}`,
      '"$defs":{"Part":{"properties":{"b":{"type":"string"},"c":true,"d":false}}}',
    )
    expect(type.kind === 'group' && type.inputs.map((one) => [one.name, one.isRequired, one.type])).toEqual([
      ['a', true, text],
      ['b', true, { ...text, minLength: 2 }],
      ['c', false, anything],
    ])
  })

  test('that holds itself is a group as far down as anybody would go', () => {
    let { type } = inputOf('{"$ref":"#/$defs/Tree"}', defs)
    let depth = 0
    while (type.kind === 'group') {
      type = type.inputs[0]!.type
      depth++
    }
    expect(depth).toBeGreaterThan(3)
    expect(type).toMatchObject({ kind: 'json', schema: expect.stringContaining('"left"') })
  })

  test('keeps the names and the order of its properties, whatever they are', () => {
    const { type } = inputOf('{"properties":{"2":{},"1":{},"__proto__":{"type":"integer"},"":{}}}')
    expect(type.kind === 'group' && type.inputs.map(({ name }) => name)).toEqual(['2', '1', '__proto__', ''])
  })
})

describe('what stands beside a reference', () => {
  test('counts more than what it leads to', () => {
    const input = inputOf('{"$ref":"#/$defs/Colour","description":"Mine","default":"red"}', defs)
    expect(input).toMatchObject({ description: 'Mine', defaultJson: '"red"', isRequired: false, typeLabel: 'enum' })
    expect(inputOf('{"$ref":"#/$defs/Colour"}', defs).description).toBe('A colour')
  })

  test('may be the definitions it leads to', () => {
    const own = '{"type":{"$ref":"#/$defs/Own","$defs":{"Own":{"type":"boolean"}}}}'
    expect(inputOf(own, defs).type).toEqual({ kind: 'boolean' })
  })
})

test('has a title where that says more than its name', () => {
  expect(inputOf('{"type":"string","title":"What it is"}').title).toBe('What it is')
  expect(inputOf('{"type":"string","title":"It"}').title).toBe('')
})

describe('what a form does not ask for', () => {
  test('is what the agent fills in itself', () => {
    const properties = '{"id":{"type":"string","readOnly":true},"name":{"type":"string"}}'
    const { type } = inputOf(`{"type":"object","properties":${properties},"required":["id"]}`)
    expect(type.kind === 'group' && type.inputs.map(({ name }) => name)).toEqual(['name'])
    expect(readInputSchema(`{"inputs":${properties}}`)).toMatchObject({ inputs: [{ name: 'name' }] })
  })
})

test('variants of objects are called what they are, and send what tells them apart', () => {
  const { type } = inputOf(
    '{"oneOf":[{"$ref":"#/$defs/Mail"},{"$ref":"#/$defs/Chat"}]}',
    `"$defs":{
    "Mail":{"type":"object","properties":{"kind":{"const":"mail","default":"mail"},"to":{"type":"string"}},"title":"E-mail"},
    "Chat":{"type":"object","properties":{"kind":{"const":"chat","default":"chat"}}}}`,
  )
  expect(type).toMatchObject({
    kind: 'union',
    variants: [
      {
        title: 'E-mail',
        type: {
          inputs: [
            { name: 'kind', isRequired: true },
            { name: 'to', isRequired: false },
          ],
        },
      },
      { title: 'Chat', type: { inputs: [{ name: 'kind', isRequired: true }] } },
    ],
  })
})

test('is shown in a few words beside its name', () => {
  const label = (schema: string) => inputOf(schema).typeLabel
  expect(label('{"type":"string","format":"date"}')).toBe('date')
  expect(label('{"type":"array","items":{"type":"integer"}}')).toBe('array of integer')
  expect(label('{"type":["string","null"]}')).toBe('string | null')
  expect(label('{"anyOf":[{"type":"string"},{"type":"integer"}]}')).toBe('string | integer')
})

test('may null its default where it may be null', () => {
  expect(inputOf('{"type":["string","null"],"default":null}').defaultJson).toBe('null')
  expect(inputOf('{"type":"string","default":null}')).not.toHaveProperty('defaultJson')
})

test('has room for a text whose default has several lines', () => {
  expect(inputOf('{"type":"str","default":"a\\nb"}').type).toMatchObject({ isLong: true })
})

describe('a schema that is one JSON Schema', () => {
  const inputs =
    '{"type":"object","properties":{"topic":{"type":"string"},"count":{"$ref":"#/$defs/N"}},"required":["topic"],"$defs":{"N":{"type":"integer"}}}'

  test.each([
    [`{"workflow":"w","inputs":${inputs}}`, 'w'],
    [inputs.replace('{', '{"title":"Request",'), 'Request'],
  ])('describes its properties', (schema, workflow) => {
    const read = readInputSchema(schema)
    expect(read).toMatchObject({
      workflow,
      inputs: [
        { name: 'topic', isRequired: true, type: text },
        { name: 'count', isRequired: false, type: { kind: 'integer' } },
      ],
    })
  })

  const properties = '"properties":{"topic":{"type":"string"},"count":true,"never":false},"required":["topic"]'
  const part = `"$defs":{"Part":{"type":"object",${properties}}}`

  test.each([
    `{${properties}}`,
    `{"type":["object"],${properties}}`,
    `{"type":["null","object"],${properties}}`,
    `{"$ref":"#/$defs/Part",${part}}`,
    `{"allOf":[{"$ref":"#/$defs/Part"}],${part}}`,
    `{"allOf":[{"properties":{"topic":{"type":"string"}}},{"properties":{"count":{}},"required":["topic"]}]}`,
    `{"anyOf":[{"type":"null"},{"$ref":"#/$defs/Part"}],${part}}`,
  ])('describes them however it is written: %s', (schema) => {
    for (const written of [
      schema,
      `{"inputs":${schema}}`,
      schema.replace('{', '{"$schema":"x","generated_at":"now",'),
    ]) {
      expect(readInputSchema(written)).toMatchObject({
        inputs: [
          { name: 'topic', isRequired: true, type: text },
          { name: 'count', isRequired: false, type: anything },
        ],
      })
    }
  })

  test.each([
    '{"type":"object"}',
    '{"type":["object","null"],"additionalProperties":true}',
    '{"$ref":"https://example.com/schema.json"}',
    '{"$ref":"#/$defs/Nobody"}',
    '{"anyOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}]}',
    '{"additionalProperties":{"type":"string"}}',
    '{"allOf":[true]}',
  ])('that names no properties leaves all to JSON: %s', (schema) => {
    expect(readInputSchema(schema)).toMatchObject({ inputs: [], isUnnamed: true })
    expect(readInputSchema(`{"inputs":${schema}}`)).toMatchObject({ inputs: [], isUnnamed: true })
  })

  test('may be true, which fits everything', () => {
    expect(readInputSchema('{"inputs":true}')).toMatchObject({ inputs: [], isUnnamed: true })
  })

  test('is not to be mixed up with inputs of the names of its keywords', () => {
    const described = readInputSchema('{"inputs":{"properties":{"type":"dict","required":true}}}')
    expect(described).toMatchObject({ inputs: [{ name: 'properties', type: { accepts: 'dict' } }] })
    const beside = readInputSchema('{"inputs":{"type":"object","topic":{"type":"str"}}}')
    expect(beside).toMatchObject({ inputs: [{ name: 'type' }, { name: 'topic' }] })
    const read = readInputSchema('{"inputs":{"type":"object","properties":"dict","required":"list"}}')
    expect(read).toMatchObject({ inputs: [{ name: 'type' }, { name: 'properties' }, { name: 'required' }] })
  })
})
