import type { ApiDocument, Schema } from './description.ts'

type Schemas = NonNullable<NonNullable<ApiDocument['components']>['schemas']>
export type Field = { path: string; type: string; isRequired: boolean; description: string }

const maxDepth = 4

/** The fields of an object, or of the objects of a list, with those inside them: `errors[].message`. */
export function fieldsOf(schema: Schema, schemas: Schemas, path = '', depth = 0): Field[] {
  if (depth > maxDepth) return []
  const { items, properties = {}, required = [], anyOf, oneOf } = resolved(schema, schemas)
  if (items) return fieldsOf(items, schemas, `${path}[]`, depth + 1)
  const choices = anyOf ?? oneOf
  if (choices) return unique(choices.flatMap((one) => fieldsOf(one, schemas, path, depth + 1)))
  return Object.entries(properties).flatMap(([name, field]) => {
    const at = path === '' ? name : `${path}.${name}`
    const { description = '' } = resolved(field, schemas)
    return [
      { path: at, type: typeOf(field, schemas), isRequired: required.includes(name), description },
      ...fieldsOf(field, schemas, at, depth + 1),
    ]
  })
}

const unique = (fields: Field[]) =>
  [...new Map(fields.toReversed().map((one) => [one.path, one])).values()].toReversed()

/** `string or null`, `list of strings`, `rerun, cancel or delete`. */
export function typeOf(schema: Schema, schemas: Schemas): string {
  const { type, format, enum: values, const: only, items, anyOf, oneOf } = resolved(schema, schemas)
  if (only !== undefined) return JSON.stringify(only)
  if (values) return inWords(values.map(String))
  const choices = anyOf ?? oneOf
  if (choices) return inWords([...new Set(choices.map((one) => typeOf(one, schemas)))])
  if (Array.isArray(type)) return inWords(type)
  if (type === 'array') return items ? `list of ${typeOf(items, schemas)}` : 'list'
  if (format === 'date-time') return 'time'
  return type ?? 'any JSON'
}

export function resolved(schema: Schema, schemas: Schemas): Schema {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? schema : (schemas[name] ?? {})
}

function inWords(names: string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}
