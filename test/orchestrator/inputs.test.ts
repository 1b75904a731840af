import { describe, expect, test } from 'vitest'
import { type InputSchema, readInputSchema } from '../../src/agent/input-schema.ts'
import { inputMistakes } from '../../src/orchestrator/inputs.ts'

/** A schema as an agent gives it, of inputs by their types; `!` behind the type makes it required. */
function schemaOf(inputs: Record<string, string>): InputSchema {
  const described = Object.entries(inputs).map(([name, type]) => {
    return [name, { type: type.replace('!', ''), required: type.endsWith('!') }]
  })
  return readInputSchema(JSON.stringify({ inputs: Object.fromEntries(described) })) as InputSchema
}

describe('inputs that came as JSON', () => {
  const mistakesIn = (type: string, json: string) =>
    inputMistakes(schemaOf({ x: type }), json).map(({ message }) => message)

  test.each([
    ['str', '"a"'],
    ['str', '""'],
    ['int', '12345678901234567890'],
    ['int', '1.0'],
    ['float', '1'],
    ['float', '1e400'],
    ['bool', 'false'],
    ['list[list[int]]', '["not", "looked", "into"]'],
    ['list[int]', '[1, 2.0]'],
    ['dict', '{}'],
    ['Any', 'null'],
  ])('for %s, %s is let through', (type, json) => {
    expect(mistakesIn(`${type}!`, `{"x": ${json}}`)).toEqual([])
  })

  test.each([
    ['str', '1', 'x: Enter a string.'],
    ['str', 'null', 'x: Enter a string.'],
    ['int', '"1"', 'x: Enter a whole number.'],
    ['int', '1.5', 'x: Enter a whole number.'],
    ['float', '"1"', 'x: Enter a number.'],
    ['bool', '"true"', 'x: Choose true or false.'],
    ['bool', '1', 'x: Choose true or false.'],
    ['list', '"[]"', 'x: Enter a JSON list, such as ["a", "b"].'],
    ['dict', '[]', 'x: Enter a JSON object, such as {"key": "value"}.'],
    ['dict', 'null', 'x: Enter a JSON object, such as {"key": "value"}.'],
    ['list[int]', '[1, "2"]', 'x.1: Enter a whole number.'],
    ["Literal['a', 1]", '"b"', 'x: Choose one of a, 1.'],
    ["Literal['a', 1]", 'true', 'x: Choose one of a, 1.'],
    ['Optional[int]', '"null"', 'x: Enter a whole number.'],
  ])('for %s, %s is a mistake', (type, json, message) => {
    expect(mistakesIn(type, `{"x": ${json}}`)).toEqual([message])
  })

  test('what is required is missed, what is optional is not, and what is unknown passes', () => {
    expect(inputMistakes(schemaOf({ a: 'str!', b: 'str' }), '{"c": 1}')).toEqual([
      { field: 'a', message: 'a is required.' },
    ])
  })

  test('of a name that stands twice the last one is looked at', () => {
    expect(mistakesIn('str', '{"x": 1, "x": "a"}')).toEqual([])
    expect(mistakesIn('str', '{"x": "a", "x": 1}')).toEqual(['x: Enter a string.'])
  })

  test('names of things that every object in JavaScript has are no inputs', () => {
    expect(inputMistakes(schemaOf({ toString: 'str!' }), '{}')).toEqual([
      { field: 'toString', message: 'toString is required.' },
    ])
  })

  test('what is said of a value counts, exactly and in characters', () => {
    const mistakeOf = (type: object, json: string) => {
      const schema = readInputSchema(JSON.stringify({ inputs: { x: { type } } })) as InputSchema
      return inputMistakes(schema, `{"x":${json}}`)[0]?.message
    }
    const text = { type: 'string', minLength: 2, maxLength: 3, pattern: '^never looked at$' }
    expect(mistakeOf(text, '"🖋️🖋️"')).toBe('x: Enter at most 3 characters; these are 4.')
    expect(mistakeOf(text, '"a"')).toBe('x: Enter at least 2 characters.')
    expect(mistakeOf(text, '"🖋🖋🖋"')).toBeUndefined()
    const number = { type: 'number', minimum: 0, exclusiveMaximum: 1 }
    expect(mistakeOf(number, '-0.1')).toBe('x: Enter 0 or more.')
    expect(mistakeOf(number, '1.0')).toBe('x: Enter less than 1.')
    expect(mistakeOf(number, '0.99999999999999999999')).toBeUndefined()
    expect(mistakeOf({ type: 'integer', exclusiveMinimum: 5 }, '5')).toBe('x: Enter more than 5.')
    const list = { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 2 }
    expect(mistakeOf(list, '[]')).toBe('x: Enter at least 1 item.')
    expect(mistakeOf(list, '["a","b","c"]')).toBe('x: Enter at most 2 items.')
  })

  test('what is wrong deep inside is told under its dotted name', () => {
    const address = {
      type: 'object',
      required: ['city'],
      properties: { city: { type: 'string' }, zips: { type: 'array', items: { type: 'integer' } } },
    }
    const schema = readInputSchema(JSON.stringify({ inputs: { address: { type: address } } })) as InputSchema
    expect(inputMistakes(schema, '{"address": {"zips": [1, "b"], "other": 1}}')).toEqual([
      { field: 'address.city', message: 'address.city is required.' },
      { field: 'address.zips.1', message: 'address.zips.1: Enter a whole number.' },
    ])
  })
})
