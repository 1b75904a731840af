import fc from 'fast-check'
import type { Schema as Described } from '../../../src/web/api/description.ts'

type Schema = Described & {
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
}
type Any = fc.Arbitrary<unknown>

export const hostileTexts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 300 }),
  fc.constantFrom(
    ...[
      '',
      ' ',
      '\u0000',
      '\ud83d',
      '🖋️',
      '%',
      '100%',
      '%2e%2e',
      '__proto__',
      'constructor',
      'null',
      'NaN',
      '-1',
      '1e400',
    ],
    ...[
      "'); DROP TABLE agents; --",
      '<script>alert(1)</script>',
      '{{7*7}}',
      '../../etc/passwd',
      'a\r\nb: c',
      '‮abc',
      '0x10',
    ],
    ...['http://user:password@localhost', 'http://localhost:99999', 'ftp://localhost', 'x'.repeat(5000)],
  ),
)
const anyJson = fc.jsonValue({ maxDepth: 2 })

/** Values that a JSON schema allows. */
export function valuesOf(given: Described, components: Record<string, Described>): Any {
  const allowed = (one: Described) => valuesOf(one, components)
  const schema = resolved(given, components)
  const { enum: values, const: only, anyOf, oneOf, type } = schema
  if (only !== undefined) return fc.constant(only)
  if (values) return fc.constantFrom(...values)
  const choices = anyOf ?? oneOf
  if (choices) return withExamples(fc.oneof(...choices.map(allowed)), schema)
  const types = [type ?? []].flat()
  if (types.length === 0) return anyJson
  return withExamples(fc.oneof(...types.map((one) => ofType(one, schema, allowed))), schema)
}

function ofType(type: string, schema: Schema, allowed: (schema: Described) => Any): Any {
  const { minimum: min = -1e6, maximum: max = 1e6, items = {} } = schema
  if (type === 'null') return fc.constant(null)
  if (type === 'boolean') return fc.boolean()
  if (type === 'integer') return fc.integer({ min, max })
  if (type === 'number') return fc.double({ min, max, noNaN: true })
  if (type === 'array') return fc.array(allowed(items), { minLength: schema.minItems ?? 0, maxLength: 4 })
  if (type === 'object') return objectsOf(schema, allowed)
  return texts(schema)
}

function texts({ pattern, format, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time')
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString())
  const isFitting = (text: string) => [...text].length >= minLength && [...text].length <= maxLength
  if (pattern === undefined) return hostileTexts.filter(isFitting)
  const expression = new RegExp(pattern, 'u')
  // The library knows no classes of characters by their Unicode property.
  const all = pattern.includes('\\p') ? hostileTexts : fc.oneof(hostileTexts, fc.stringMatching(expression))
  return all.filter((text) => isFitting(text) && expression.test(text))
}

function objectsOf(schema: Schema, allowed: (schema: Described) => Any): Any {
  const { properties = {}, required = [], additionalProperties } = schema
  const known = fc.record(Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, allowed(one)])), {
    requiredKeys: required,
  })
  if (additionalProperties === false) return known
  const more = fc.dictionary(
    hostileTexts.filter((name) => !(name in properties)),
    anyJson,
    { maxKeys: 2 },
  )
  return fc.tuple(more, known).map(([extra, fields]) => ({ ...extra, ...fields }))
}

/** A change or two of an example gets further than what is made up. */
function withExamples(values: Any, { examples = [], properties, required = [] }: Schema): Any {
  if (examples.length === 0) return values
  const example = fc.constantFrom(...examples)
  if (properties === undefined) return fc.oneof(values, example)
  const changed = fc
    .tuple(example, values, fc.subarray(Object.keys(properties)))
    .map(([one, other, names]) => withFields(one as object, other as Record<string, unknown>, names, required))
  return fc.oneof(values, changed)
}

function withFields(one: object, other: Record<string, unknown>, names: string[], required: string[]): object {
  const fields = new Map<string, unknown>(Object.entries(one))
  for (const name of names) {
    if (name in other) fields.set(name, other[name])
    else if (!required.includes(name)) fields.delete(name)
  }
  return Object.fromEntries(fields)
}

/** Values of all kinds near those that the schema allows; most are wrong somewhere. */
export function valuesNear(schema: Described, components: Record<string, Described>): Any {
  const valid = valuesOf(schema, components)
  const names = Object.keys(resolved(schema, components).properties ?? {})
  const changed = (change: (value: object, name: string, other: unknown) => object) =>
    fc
      .tuple(valid, fc.constantFrom(...names, 'agent_idd'), wrong)
      .map(([value, name, other]) => (isObject(value) ? change(value, name, other) : other))
  return fc.oneof(
    wrong,
    changed((value, name, other) => ({ ...value, [name]: other })),
    changed((value, name) => Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))),
    changed((value, _, other) => ({ ...value, unheard_of: other })),
  )
}

const wrong = fc.oneof(fc.constantFrom(null, true, 0, -1, 1.5, '', [], {}, [null], { a: 1 }), hostileTexts, anyJson)
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function resolved(schema: Described, components: Record<string, Described>): Schema {
  const name = schema.$ref?.split('/').at(-1)
  return (name === undefined ? schema : components[name]!) as Schema
}
