import { jsonItems, jsonMembers } from '../../shared/json.ts'
import { anything, eitherOf, type Input, type InputType, listOf, type ReadType, type TextType } from './input-type.ts'
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
import { maxLabelLength, readPythonType } from './python-type.ts'
import type { SchemaReading } from './reading.ts'

const maxVariants = 100
const maxExamples = 3
const maxExampleLength = 200
const maxDescriptionLength = 2000
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
      description: (stringOf(said.get('description')) ?? '').slice(0, maxDescriptionLength),
      examples: examplesOf(said),
    }
  })
  return input ?? inputOf(name, anything(), isRequired ?? false)
}

function inputOf(name: string, { label, ...read }: ReadType, isRequired: boolean): Input {
  return { name, ...read, typeLabel: label.slice(0, maxLabelLength), isRequired, description: '', examples: [] }
}

function examplesOf(said: Members): string[] {
  const examples = jsonItems(said.get('examples') ?? '') ?? [said.get('example')].filter((one) => one !== undefined)
  return examples.filter((json) => json.length <= maxExampleLength).slice(0, maxExamples)
}

function withLength(type: InputType, defaultJson: string | undefined): InputType {
  return type.kind === 'text' && defaultJson?.includes('\\n') ? { ...type, isLong: true } : type
}

function readType(text: string, reading: SchemaReading): ReadType {
  const word = stringOf(text)
  if (word !== undefined) return readPythonType(word)
  return reading.enter(text, (own) => readMembers(reading.resolved(own), reading)) ?? anything()
}

function readVariant(text: string, reading: SchemaReading): ReadType {
  const read = readType(text, reading)
  const option = read.type.kind === 'choice' && read.type.options.length === 1 ? read.type.options[0] : undefined
  const label = option && reading.enter(text, (own) => stringOf(reading.resolved(own).get('title')))
  return option && label ? { ...read, type: { kind: 'choice', options: [{ ...option, label }] } } : read
}

function readMembers(members: Members, reading: SchemaReading): ReadType {
  const read = readKind(members, reading)
  return members.get('nullable') === 'true' ? { ...read, isNullable: true } : read
}

function readKind(members: Members, reading: SchemaReading): ReadType {
  const given = members.has('const') ? [members.get('const')!] : someItems(members.get('enum'))
  if (given) return readOptions(given)
  const variants = someItems(members.get('anyOf') ?? members.get('oneOf'))
  if (variants) return readVariants(variants, (text, isOnly) => (isOnly ? readType : readVariant)(text, reading))
  const type = members.get('type') ?? ''
  const types = someItems(type)
  if (types) return readVariants(types, (word) => readNamedType(stringOf(word) ?? '', members, reading))
  if (type.startsWith('{')) return readType(type, reading)
  return readNamedType(stringOf(type) ?? (members.has('properties') ? 'object' : ''), members, reading)
}

function readVariants(variants: string[], read: (text: string, isOnly: boolean) => ReadType): ReadType {
  if (variants.length > maxVariants) return anything()
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
      const label = type.isSecret ? 'password' : (type.format ?? 'string')
      return { type, isNullable: false, label }
    }
    case 'integer':
    case 'number':
      return { type: numberType(word, members), isNullable: false, label: word }
    case 'array': {
      const items = members.get('items')
      const limits = { ...count(members, 'minItems'), ...count(members, 'maxItems') }
      if (items === undefined || members.has('prefixItems')) break
      const read = readType(items, reading)
      return { type: listOf(read, limits), isNullable: false, label: `array of ${read.label}` }
    }
    case 'object': {
      const inputs = groupInputs(members, reading)
      if (inputs) return { type: { kind: 'group', inputs }, isNullable: false, label: word }
    }
  }
  const read = readPythonType(word)
  // JSON Schema keywords may stand beside a Python type string.
  if (read.type.kind === 'text') return { ...read, type: { ...textType(members), ...definite(read.type) } }
  if (read.type.kind === 'integer' || read.type.kind === 'number') {
    return { ...read, type: numberType(read.type.kind, members) }
  }
  return read
}

function definite({ isSecret, format }: TextType) {
  return { ...(isSecret && { isSecret }), ...(format && { format }) }
}

function groupInputs(members: Members, reading: SchemaReading): Input[] | undefined {
  const described = members.get('properties') ?? ''
  const properties = new Map(described.startsWith('{') ? some(described) : [])
  const isTooMuch = properties.size > maxParts || !reading.hasRoomFor(properties.size)
  if (properties.size === 0 || isTooMuch) return undefined
  const required = new Set((jsonItems(members.get('required') ?? '') ?? []).map(stringOf))
  const inputs = Array.from(properties)
    .filter(([, described]) => described !== nothing)
    .map(([name, described]) => readInput(name, described, reading, required.has(name)))
  return inputs.every(({ name }) => name.isWellFormed()) ? inputs : undefined
}
