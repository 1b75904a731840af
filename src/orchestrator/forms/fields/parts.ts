import {
  anything,
  type Input,
  type InputType,
  listOf,
  mapOf,
  plainText,
  type ReadType,
} from '../../../agent/schema/input-type.ts'

/** An item, a value or a variant as an input: it is always sent. */
export function partOf(name: string, { type, isNullable, label, title = '' }: ReadType): Input {
  const words = { title, description: '', examples: [] }
  return { name, type, typeLabel: label, isRequired: false, isPart: true, isNullable, ...words }
}

/** The positions of a tuple. Those that the agent can do without are sent only when they are set. */
export function positionsOf({ items, minItems }: Extract<InputType, { kind: 'tuple' }>): Input[] {
  return items.map((item, index) => {
    const { isPart, ...input } = partOf(String(index), item)
    return minItems === 0 || index < minItems ? { ...input, isPart: true } : input
  })
}

/** Deeper values of unknown kinds are easier to write as JSON. */
const maxSteps = 9

const text: ReadType = { type: plainText, isNullable: false, label: 'Text' }
const number: ReadType = { type: { kind: 'number' }, isNullable: false, label: 'Number' }
const boolean: ReadType = { type: { kind: 'boolean' }, isNullable: false, label: 'True or false' }
const list: ReadType = { type: listOf(anything()), isNullable: false, label: 'List' }
const object: ReadType = { type: mapOf(anything(), 'dict'), isNullable: false, label: 'Object' }
const json: ReadType = { type: { kind: 'json', accepts: 'anything' }, isNullable: false, label: 'JSON' }

const shallow = [text, number, boolean, list, object]
const deep = [text, number, boolean, json]

export function variantsOf(type: InputType, pointer: string): ReadType[] | undefined {
  if (type.kind === 'union') return type.variants
  if (type.kind !== 'any') return undefined
  return pointer.split('/').length > maxSteps ? deep : shallow
}

export function firstVariant(type: InputType, variants: ReadType[]): number {
  return type.kind === 'any' && type.isObject ? Math.max(0, variants.indexOf(object)) : 0
}

/** The chosen variant; it has to be filled in where its union is required. */
export function variantInput({ name, isRequired, holdsSecret: mayHold }: Input, variant: ReadType): Input {
  const holdsSecret = mayHold && (variant.type.kind !== 'text' || variant.type.isSecret)
  return { ...partOf(name, variant), isRequired, isNullable: false, ...(holdsSecret && { holdsSecret }) }
}

export function isAlwaysThere({ isRequired, isPart }: Input): boolean {
  return isRequired || isPart === true
}
