import { jsonItems, jsonMembers } from '../../shared/json.ts'
import { eitherOf } from './either.ts'
import {
  anything,
  type Input,
  type InputType,
  listOf,
  listOfAnything,
  mapOf,
  type ReadType,
  type TextType,
} from './input-type.ts'
import { isConstraint, isReadOnly } from './json-schema-kind.ts'
import {
  count,
  type Members,
  maxParts,
  numberType,
  readOptions,
  some,
  someItems,
  stringOf,
  textType,
} from './json-schema-values.ts'
import { examplesOf, inputOf, maxDescriptionLength, titleOf, withLength } from './json-schema-words.ts'
import { maxLabelLength, readPythonType } from './python-type.ts'
import type { SchemaReading } from './reading.ts'

const maxVariants = 100
/** A schema that allows no value. */
export const nothing = 'false'

/** Reads a type string or an object with more. `isRequired` is what the schema around it says, if anything. */
export function readInput(name: string, described: string, reading: SchemaReading, isRequired?: boolean): Input {
  const word = stringOf(described)
  if (word !== undefined) return inputOf(name, readPythonType(word), isRequired ?? true)
  const input = reading.enter(described, (own): Input => {
    const said = reading.resolved(own)
    const read = readMembers(said, reading)
    const defaultJson = said.get('default')
    const required = said.get('required')
    return {
      // FastAPI's rule: an input without a default is required, unless the schema says otherwise.
      ...inputOf(
        name,
        read,
        isRequired ?? (required === 'true' || (required !== 'false' && defaultJson === undefined)),
      ),
      ...(defaultJson === undefined || (defaultJson === 'null' && !read.isNullable) ? {} : { defaultJson }),
      type: withLength(read.type, defaultJson),
      title: titleOf(name, said),
      description: (stringOf(said.get('description')) ?? '').slice(0, maxDescriptionLength),
      examples: examplesOf(said),
    }
  })
  return input ?? inputOf(name, beyondLimits(described, reading), isRequired ?? false)
}

function jsonOnly(accepts: 'anything' | 'object', schema?: string): ReadType {
  const label = accepts === 'object' ? 'object' : 'any'
  return { type: { kind: 'json', accepts, ...(schema && { schema }) }, isNullable: false, label }
}

/** What is no schema takes any value. */
function beyondLimits(described: string, reading: SchemaReading): ReadType {
  if (!described.startsWith('{')) return anything()
  const schema = reading.outline(described)
  return jsonOnly('anything', schema)
}

function readType(text: string, reading: SchemaReading): ReadType {
  const word = stringOf(text)
  if (word !== undefined) return readPythonType(word)
  const read = reading.enter(text, (own): ReadType => {
    const members = reading.resolved(own)
    return { ...readMembers(members, reading), title: stringOf(members.get('title'))?.slice(0, maxLabelLength) }
  })
  return read ?? beyondLimits(text, reading)
}

/** A variant is called what its schema, or the place of it, is called. */
function readVariant(text: string, reading: SchemaReading): ReadType {
  const read = readType(text, reading)
  if (read.type.kind === 'choice' && read.type.options.length === 1 && read.title) {
    return { ...read, type: { kind: 'choice', options: [{ ...read.type.options[0]!, label: read.title }] } }
  }
  const place = /"\$ref"\s*:\s*"[^"]*\/([\w.-]+)"/.exec(text.slice(0, maxLabelLength))?.[1]
  return read.type.kind === 'group' ? { ...read, title: read.title ?? place } : read
}

function readMembers(members: Members, reading: SchemaReading): ReadType {
  const read = readKind(members, reading)
  return members.get('nullable') === 'true' ? { ...read, isNullable: true } : read
}

function readKind(members: Members, reading: SchemaReading): ReadType {
  const given = members.has('const') ? [members.get('const')!] : someItems(members.get('enum'))
  if (given) return readOptions(given)
  const variants = someItems(members.get('anyOf') ?? members.get('oneOf'))
  if (variants && !(isTyped(members) && variants.every(isConstraint)))
    return readVariants(variants, (text, isOnly) => (isOnly ? readType : readVariant)(text, reading))
  const type = members.get('type') ?? ''
  const types = someItems(type)
  if (types) return readVariants(types, (word) => readNamedType(stringOf(word) ?? '', members, reading))
  if (type.startsWith('{')) return readType(type, reading)
  return readNamedType(stringOf(type) ?? (members.has('properties') ? 'object' : ''), members, reading)
}

function isTyped(members: Members): boolean {
  return members.has('type') || members.has('properties')
}

function readVariants(variants: string[], read: (text: string, isOnly: boolean) => ReadType): ReadType {
  if (variants.length > maxVariants) return jsonOnly('anything')
  const others = variants.filter((text) => !isNull(text))
  const types = others.map((text) => read(text, others.length === 1))
  const hasNull = others.length < variants.length
  const labels = new Set([...types.map(({ label }) => label), ...(hasNull ? ['null'] : [])])
  return eitherOf(types, hasNull, [...labels].join(' | ') || 'any')
}

function isNull(text: string): boolean {
  return text === '"null"' || (text.length < maxLabelLength && jsonMembers(text)?.get('type') === '"null"')
}

function readNamedType(word: string, members: Members, reading: SchemaReading): ReadType {
  switch (word) {
    case 'string': {
      const type = textType(members)
      const label = type.isSecret ? 'password' : (type.format ?? type.hint ?? 'string')
      return { type, isNullable: false, label }
    }
    case 'integer':
    case 'number':
      return { type: numberType(word, members), isNullable: false, label: word }
    case 'array':
      return readList(members, reading)
    case 'object':
      return readObject(members, reading)
  }
  const read = readPythonType(word)
  // JSON Schema keywords may stand beside a Python type string.
  if (read.type.kind === 'text') return { ...read, type: { ...textType(members), ...definite(read.type) } }
  if (read.type.kind === 'integer' || read.type.kind === 'number') {
    return { ...read, type: numberType(read.type.kind, members) }
  }
  return read
}

function definite({ isSecret, isLong, format, hint }: TextType) {
  return { ...(isSecret && { isSecret }), ...(isLong && { isLong }), ...(format && { format }), ...(hint && { hint }) }
}

function readList(members: Members, reading: SchemaReading): ReadType {
  const items = members.get('items')
  const first = someItems(members.get('prefixItems') ?? items)
  if (first && first.length <= maxVariants) {
    const read = first.map((one) => readType(one, reading))
    const { minItems = 0 } = count(members, 'minItems')
    const type: InputType = { kind: 'tuple', items: read, minItems: Math.min(minItems, read.length) }
    return { type, isNullable: false, label: `array of ${read.map(({ label }) => label).join(', ')}` }
  }
  if (items === undefined) return listOfAnything('array')
  const limits = { ...count(members, 'minItems'), ...count(members, 'maxItems') }
  const read = readType(items, reading)
  return { type: listOf(read, limits), isNullable: false, label: `array of ${read.label}` }
}

function readObject(members: Members, reading: SchemaReading): ReadType {
  const properties = members.get('properties') ?? ''
  if (/^\{\s*"/.test(properties)) {
    const inputs = groupInputs(members, reading)
    if (inputs) return { type: { kind: 'group', inputs }, isNullable: false, label: 'object' }
    return jsonOnly('object')
  }
  const patterns = some(members.get('patternProperties') ?? '')
  const value = [members.get('additionalProperties'), patterns[0]?.[1]].find((one) => /^["{]/.test(one ?? ''))
  const read = value === undefined ? anything() : readType(value, reading)
  return { type: mapOf(read, 'object'), isNullable: false, label: 'object' }
}

function groupInputs(members: Members, reading: SchemaReading): Input[] | undefined {
  const described = members.get('properties') ?? ''
  const properties = new Map(described.startsWith('{') ? some(described) : [])
  const isTooMuch = properties.size > maxParts || !reading.hasRoomFor(properties.size)
  if (isTooMuch) return undefined
  const required = new Set((jsonItems(members.get('required') ?? '') ?? []).map(stringOf))
  const inputs = Array.from(properties)
    .filter(([, described]) => described !== nothing && !isReadOnly(described))
    .map(([name, described]) => readInput(name, described, reading, required.has(name)))
  return inputs.every(({ name }) => name.isWellFormed()) ? inputs : undefined
}
