import { describe, expect, test } from 'vitest'
import { readInputSchema } from '../../../src/agent/schema/input-schema.ts'
import type { Input } from '../../../src/agent/schema/input-type.ts'

function inputsOf(text: string): Input[] {
  const schema = readInputSchema(text)
  if (typeof schema === 'string') throw new Error(schema)
  return schema.inputs
}

const inputOf = (described: unknown) => inputsOf(JSON.stringify({ inputs: { it: described } }))[0]!
const typeOf = (type: unknown) => inputOf({ type, required: true }).type

const schema = {
  type: 'object',
  properties: { key: { type: 'string', format: 'password' } },
  required: ['key'],
}

describe('a type', () => {
  test('is shown as the agent wrote it, if that is not too long', () => {
    expect(inputOf({ type: 'list[ str ]' }).typeLabel).toBe('list[ str ]')
    expect(inputOf({ type: { type: 'array' } }).typeLabel).toBe('array')
    expect(inputOf({}).typeLabel).toBe('any')
    expect(inputOf({ type: 'x'.repeat(10_000) }).typeLabel).toHaveLength(200)
  })
})

describe('an input', () => {
  test('has all that the agent says of it', () => {
    expect(inputOf({ type: 'int', required: false, default: 500, description: 'In words' })).toEqual({
      name: 'it',
      type: { kind: 'integer' },
      typeLabel: 'int',
      isRequired: false,
      isNullable: false,
      defaultJson: '500',
      title: '',
      description: 'In words',
      examples: [],
    })
  })

  test('has the default that stands in the text, to the digit', () => {
    const [n, x] = inputsOf('{"inputs": {"n": {"type": "float", "default": 1.0}, "x": {"default": [ NaN ]}}}')
    expect([n!.defaultJson, x!.defaultJson]).toEqual(['1.0', '[ NaN ]'])
  })

  test('has no default where that is null or absent, but has an empty or false one', () => {
    expect(inputOf({ type: 'str', required: false, default: null })).not.toHaveProperty('defaultJson')
    expect(inputOf({ type: 'str', required: false })).not.toHaveProperty('defaultJson')
    expect(inputOf({ type: 'str', default: '' }).defaultJson).toBe('""')
    expect(inputOf({ type: 'bool', default: false }).defaultJson).toBe('false')
  })

  test('that does not say whether it is required, is when it has no default', () => {
    expect(inputOf({ type: 'str' }).isRequired).toBe(true)
    expect(inputOf({ type: 'str', default: null }).isRequired).toBe(false)
    expect(inputOf({ type: 'str', default: 'a' }).isRequired).toBe(false)
    expect(inputOf({ type: 'str', default: 'a', required: true }).isRequired).toBe(true)
    expect(inputOf({ type: 'str', required: 'yes' }).isRequired).toBe(true)
  })

  test.each(['str', 'list[str]'])('may be nothing but its type: %s', (type) => {
    expect(inputOf(type)).toMatchObject({ type: typeOf(type), typeLabel: type, isRequired: true })
  })

  test.each([null, 7, [], true])('of which nothing is understood takes any value: %j', (described) => {
    expect(inputOf(described)).toEqual({
      name: 'it',
      type: { kind: 'any', isObject: false },
      typeLabel: 'any',
      isRequired: false,
      isNullable: true,
      title: '',
      description: '',
      examples: [],
    })
  })

  test('has no description where that is no text, and a cut one where it has no end', () => {
    expect(inputOf({ type: 'str', description: null }).description).toBe('')
    expect(inputOf({ type: 'str', description: { a: 1 } }).description).toBe('')
    expect(inputOf({ type: 'str', description: 'x'.repeat(10_000) }).description).toHaveLength(2000)
  })

  test('may have any name, and stays in its place', () => {
    const text =
      '{"inputs": {"z": "str", "10": "int", "2": "int", "__proto__": {"type": "bool"}, "constructor": "float"}}'
    expect(inputsOf(text).map(({ name, type }) => `${name} ${type.kind}`)).toEqual([
      'z text',
      '10 integer',
      '2 integer',
      '__proto__ boolean',
      'constructor number',
    ])
  })
})

describe('a schema', () => {
  test('has the name of its workflow, where that is one', () => {
    const workflowOf = (workflow: unknown) => readInputSchema(JSON.stringify({ workflow, inputs: {} }))
    expect(workflowOf('article_writer')).toEqual({ workflow: 'article_writer', inputs: [], outputs: [] })
    for (const none of ['', null, 7, undefined])
      expect(workflowOf(none)).toEqual({ workflow: undefined, inputs: [], outputs: [] })
  })

  test.each([
    ['MCP', { name: 'w', inputSchema: schema }],
    ['Anthropic', { name: 'w', input_schema: schema }],
    ['OpenAI', { type: 'function', function: { name: 'w', parameters: schema } }],
    ['OpenAI, with a reference', { parameters: { $ref: '#/$defs/In', $defs: { In: schema } } }],
    ['MCP, with definitions around it', { inputSchema: { $ref: '#/$defs/In' }, $defs: { In: schema }, $schema: 'x' }],
  ])('is found in a tool of %s', (_, tool) => {
    const read = readInputSchema(JSON.stringify(tool))
    expect(read).toMatchObject({ inputs: [{ name: 'key', isRequired: true }], secrets: expect.anything() })
  })

  test.each([
    ['', 'its schema is not valid JSON'],
    ['<html></html>', 'its schema is not valid JSON'],
    ['{"inputs": {', 'its schema is not valid JSON'],
    ['[]', 'its schema is not a JSON object'],
    ['"inputs"', 'its schema is not a JSON object'],
    ['{}', 'its schema names no inputs'],
    ['{"inputs": null}', 'its schema names no inputs'],
    ['{"inputs": ["topic"]}', 'its schema names no inputs'],
    ['{"detail": "Not Found"}', 'its schema names no inputs'],
  ])('is none in %j', (text, sentence) => expect(readInputSchema(text)).toBe(sentence))

  test('names its outputs, as a list or as the names of an object', () => {
    const outputsOf = (outputs: unknown) => readInputSchema(JSON.stringify({ inputs: {}, outputs }))
    expect(outputsOf(['a', 1, 'b'])).toMatchObject({ outputs: ['a', 'b'] })
    expect(outputsOf({ a: { type: 'str' }, b: 'int' })).toMatchObject({ outputs: ['a', 'b'] })
    expect(outputsOf('a')).toMatchObject({ outputs: [] })
  })
})
