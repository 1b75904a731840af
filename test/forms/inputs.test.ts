import { describe, expect, test } from 'vitest'
import { type InputSchema, readInputSchema } from '../../src/agent/schema/input-schema.ts'
import { inputErrors } from '../../src/orchestrator/forms/inputs.ts'

/** A schema as an agent gives it, of inputs by their types; `!` behind the type makes it required. */
function schemaOf(inputs: Record<string, string>): InputSchema {
  const described = Object.entries(inputs).map(([name, type]) => {
    return [name, { type: type.replace('!', ''), required: type.endsWith('!') }]
  })
  return readInputSchema(JSON.stringify({ inputs: Object.fromEntries(described) })) as InputSchema
}

describe('inputs that came as JSON', () => {
  const errorsIn = (type: string, json: string) =>
    inputErrors(schemaOf({ x: type }), json).map(({ message }) => message)

  test.each([
    ['str', '"a"'],
    ['str', '""'],
    ['int', '12345678901234567890'],
    ['int', '1.0'],
    ['float', '1'],
    ['float', '1e400'],
    ['bool', 'false'],
    ['list[Any]', '["not", "looked", "into"]'],
    ['list[int]', '[1, 2.0]'],
    ['dict', '{}'],
    ['Any', 'null'],
    ...['" 12 "', '"+1_000"', '"1.0"', '"12345678901234567890"', '"٣"', 'true'].map((json) => ['int', json]),
    ...['"1.5"', '"-inf"', '"nan"', '"1e-7"', '".5"', 'false'].map((json) => ['float', json]),
    ['Decimal', '"1.10"'],
    ...['1', '0', '1.0', '"TRUE"', '" off "', '"y"'].map((json) => ['bool', json]),
    ['list[int]', '[1, "2", true]'],
    ['list[Decimal]', '["0.1", 2]'],
    ['datetime', '1764000000'],
    ['date', '20000'],
    ['object', 'null'],
    ['Optional[dict]', 'null'],
    ['Literal[1, 2]', '"2"'],
  ])('for %s, %s is let through', (type, json) => {
    expect(errorsIn(`${type}!`, `{"x": ${json}}`)).toEqual([])
  })

  test.each([
    ['str', '1', 'x: Enter a string.'],
    ['str', 'null', 'x: Enter a string.'],
    ['str', 'true', 'x: Enter a string.'],
    ['datetime', 'true', 'x: Enter a string.'],
    ['int', '"many"', 'x: Enter a whole number.'],
    ['int', '""', 'x: Enter a whole number.'],
    ['int', '"1.5"', 'x: Enter a whole number.'],
    ['int', 'null', 'x: Enter a whole number.'],
    ['int', '[1]', 'x: Enter a whole number.'],
    ['float', '"1,5"', 'x: Enter a number.'],
    ['float', '{}', 'x: Enter a number.'],
    ['bool', '2', 'x: Choose true or false.'],
    ['bool', '"maybe"', 'x: Choose true or false.'],
    ['bool', 'null', 'x: Choose true or false.'],
    ['object', '"{}"', 'x: Enter a JSON object, such as {"key": "value"}.'],
    ['dict[str, int]', 'null', 'x: Enter a JSON object, such as {"key": "value"}.'],
    ['list', 'null', 'x: Enter a JSON list, such as ["a", "b"].'],
    ['list[int]', '[1, "two"]', 'x.1: Enter a whole number.'],
    ['list[list[int]]', '[[1], "two"]', 'x.1: Enter a JSON list, such as ["a", "b"].'],
    ['list[list[int]]', '[[1, "two"]]', 'x.0.1: Enter a whole number.'],
    ['dict[str, int]', '{"a": 1, "b": "two"}', 'x.b: Enter a whole number.'],
    ['tuple[int, str]', '[1]', 'x: Enter 2 items.'],
    ['tuple[int, str]', '["one", "two"]', 'x.0: Enter a whole number.'],
    ['int | list[int]', '["one"]', 'x.0: Enter a whole number.'],
    ['int | bool', '"perhaps"', 'x: Enter a whole number.'],
    ["Literal['2']", '2', 'x: Choose one of 2.'],
    ['int', '1.5', 'x: Enter a whole number.'],
    ['list', '"[]"', 'x: Enter a JSON list, such as ["a", "b"].'],
    ['dict', '[]', 'x: Enter a JSON object, such as {"key": "value"}.'],
    ['dict', 'null', 'x: Enter a JSON object, such as {"key": "value"}.'],
    ["Literal['a', 1]", '"b"', 'x: Choose one of a, 1.'],
    ["Literal['a', 1]", 'true', 'x: Choose one of a, 1.'],
    ['Optional[int]', '"null"', 'x: Enter a whole number.'],
  ])('for %s, %s is an error', (type, json, message) => {
    expect(errorsIn(type, `{"x": ${json}}`)).toEqual([message])
  })

  test('what is required is missed, what is optional is not, and what is unknown passes', () => {
    expect(inputErrors(schemaOf({ a: 'str!', b: 'str' }), '{"c": 1}')).toEqual([
      { field: 'a', message: 'a is required.' },
    ])
  })

  test('of a name that stands twice the last one is looked at', () => {
    expect(errorsIn('str', '{"x": 1, "x": "a"}')).toEqual([])
    expect(errorsIn('str', '{"x": "a", "x": 1}')).toEqual(['x: Enter a string.'])
  })

  test('names of things that every object in JavaScript has are no inputs', () => {
    expect(inputErrors(schemaOf({ toString: 'str!' }), '{}')).toEqual([
      { field: 'toString', message: 'toString is required.' },
    ])
  })

  test('what is said of a value counts, exactly and in characters', () => {
    const errorOf = (type: object, json: string) => {
      const schema = readInputSchema(JSON.stringify({ inputs: { x: { type } } })) as InputSchema
      return inputErrors(schema, `{"x":${json}}`)[0]?.message
    }
    const text = { type: 'string', minLength: 2, maxLength: 3, pattern: '^never looked at$' }
    expect(errorOf(text, '"🖋️🖋️"')).toBe('x: Enter at most 3 characters; these are 4.')
    expect(errorOf(text, '"a"')).toBe('x: Enter at least 2 characters.')
    expect(errorOf(text, '"🖋🖋🖋"')).toBeUndefined()
    const number = { type: 'number', minimum: 0, exclusiveMaximum: 1 }
    expect(errorOf(number, '-0.1')).toBe('x: Enter 0 or more.')
    expect(errorOf(number, '1.0')).toBe('x: Enter less than 1.')
    expect(errorOf(number, '0.99999999999999999999')).toBeUndefined()
    expect(errorOf({ type: 'integer', exclusiveMinimum: 5 }, '5')).toBe('x: Enter more than 5.')
    const list = { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 2 }
    expect(errorOf(list, '[]')).toBe('x: Enter at least 1 item.')
    expect(errorOf(list, '["a","b","c"]')).toBe('x: Enter at most 2 items.')
  })

  test('null for a group, and space around a text that is otherwise short enough, are for the agent to judge', () => {
    const address = { type: 'object', required: ['city'], properties: { city: { type: 'string', maxLength: 3 } } }
    const schema = readInputSchema(JSON.stringify({ inputs: { address: { type: address } } })) as InputSchema
    expect(inputErrors(schema, '{"address": null}')).toEqual([])
    expect(inputErrors(schema, '{"address": {"city": " Ulm  "}}')).toEqual([])
  })

  test('what is wrong deep inside is told under its dotted name', () => {
    const address = {
      type: 'object',
      required: ['city'],
      properties: { city: { type: 'string' }, zips: { type: 'array', items: { type: 'integer' } } },
    }
    const schema = readInputSchema(JSON.stringify({ inputs: { address: { type: address } } })) as InputSchema
    expect(inputErrors(schema, '{"address": {"zips": [1, "b"], "other": 1}}')).toEqual([
      { field: 'address.city', message: 'address.city is required.' },
      { field: 'address.zips.1', message: 'address.zips.1: Enter a whole number.' },
    ])
  })
})
