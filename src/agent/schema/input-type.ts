export type TextFormat = 'date' | 'time' | 'date-time'

export type TextType = {
  kind: 'text'
  /** Needs more than one line. */
  isLong: boolean
  /** A password: never shown again, never stored. */
  isSecret: boolean
  format?: TextFormat
  /** In characters, not UTF-16 units. */
  minLength?: number
  maxLength?: number
  /** Shown, never run: the agent's expression may take forever. */
  pattern?: string
}

/** Limits are JSON numbers as the agent wrote them. */
export type NumberType = {
  kind: 'integer' | 'number'
  minimum?: string
  maximum?: string
  exclusiveMinimum?: string
  exclusiveMaximum?: string
}

export type Option = { json: string; label: string }
export type ChoiceType = { kind: 'choice'; options: Option[] }

export type SimpleType = TextType | NumberType | { kind: 'boolean' } | ChoiceType

/** `json` takes any JSON value of its kind. Agents take null for an `object`, and never for a `dict`. */
export type InputType =
  | SimpleType
  | { kind: 'list'; items: SimpleType; minItems?: number; maxItems?: number }
  | { kind: 'group'; inputs: Input[] }
  | { kind: 'json'; accepts: 'list' | 'dict' | 'object' | 'anything' }

export type Input = {
  name: string
  type: InputType
  typeLabel: string
  isRequired: boolean
  isNullable: boolean
  holdsSecret?: true
  /** JSON text; undefined when the agent gives none. */
  defaultJson?: string
  description: string
  examples: string[]
}

export type ReadType = { type: InputType; isNullable: boolean; label: string }

export const plainText: TextType = { kind: 'text', isLong: false, isSecret: false }

export function anything(label = 'any'): ReadType {
  return { type: { kind: 'json', accepts: 'anything' }, isNullable: false, label }
}

function isSimple(type: InputType): type is SimpleType {
  return type.kind !== 'list' && type.kind !== 'group' && type.kind !== 'json'
}

/** A row for each item when one control can hold it, else JSON. */
export function listOf(items: ReadType, limits: { minItems?: number; maxItems?: number } = {}): InputType {
  return isSimple(items.type) && !items.isNullable
    ? { kind: 'list', items: items.type, ...limits }
    : { kind: 'json', accepts: 'list' }
}

/** Variants that no single control can tell apart become a JSON field. */
export function eitherOf(variants: ReadType[], hasNull: boolean, label: string): ReadType {
  const isNullable = hasNull || variants.some((one) => one.isNullable)
  const types = variants.map(({ type }) => type)
  const [first] = types
  if (first === undefined) return anything(label)
  if (types.length === 1) return { type: first, isNullable, label }
  if (types.every((type) => type.kind === 'choice')) {
    return { type: { kind: 'choice', options: distinct(types.flatMap(({ options }) => options)) }, isNullable, label }
  }
  if (types.every(({ kind }) => kind === 'integer' || kind === 'number')) {
    return { type: { kind: 'number' }, isNullable, label }
  }
  if (types.every((type) => type.kind === 'text')) {
    return { type: { ...plainText, isSecret: types.some(({ isSecret }) => isSecret) }, isNullable, label }
  }
  if (types.every((type) => type.kind === 'json' && first.kind === 'json' && type.accepts === first.accepts)) {
    return { type: first, isNullable, label }
  }
  return { ...anything(label), isNullable }
}

export function distinct(options: Option[]): Option[] {
  return [...new Map(options.map((option) => [option.json, option])).values()]
}
