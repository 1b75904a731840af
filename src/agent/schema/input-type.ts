export type TextFormat = 'date' | 'time' | 'date-time'

/** What a text holds. It decides on the keyboard and what the browser fills in, never on what may be sent. */
export type TextHint = 'email' | 'url' | 'uuid' | 'file'

export type TextType = {
  kind: 'text'
  isLong: boolean
  /** A password: never shown again, never stored. */
  isSecret: boolean
  format?: TextFormat
  hint?: TextHint
  /** In characters, not UTF-16 units. */
  minLength?: number
  maxLength?: number
  /** Shown, never run: the agent's expression may take forever. */
  pattern?: string
}

/** Limits are JSON numbers as the agent wrote them. */
export type NumberType = {
  kind: 'integer' | 'number'
  /** Strings of digits are taken too, and keep digits that a JSON number would lose. */
  isDecimal?: true
  minimum?: string
  maximum?: string
  exclusiveMinimum?: string
  exclusiveMaximum?: string
}

export type Option = { json: string; label: string }
export type ChoiceType = { kind: 'choice'; options: Option[] }

export type SimpleType = TextType | NumberType | { kind: 'boolean' } | ChoiceType
type Limits = { minItems?: number; maxItems?: number }

/** `list` has one control for each item, `rows` a field for each. `any` takes every value; `json` is what a form cannot
 * hold. Agents take null for an `object`, and never for a `dict`. */
export type InputType =
  | SimpleType
  | ({ kind: 'list'; items: SimpleType } & Limits)
  | ({ kind: 'rows'; item: ReadType } & Limits)
  | { kind: 'tuple'; items: ReadType[]; minItems: number }
  | { kind: 'map'; value: ReadType; accepts: 'dict' | 'object' }
  | { kind: 'group'; inputs: Input[] }
  | { kind: 'union'; variants: ReadType[] }
  | { kind: 'any'; isObject: boolean }
  | { kind: 'json'; accepts: 'list' | 'object' | 'anything'; schema?: string }

export type Input = {
  name: string
  type: InputType
  typeLabel: string
  isRequired: boolean
  isNullable: boolean
  /** An item, a value or a variant: it is there when what it belongs to is there. */
  isPart?: true
  holdsSecret?: true
  defaultJson?: string
  /** Empty where it only repeats the name. */
  title: string
  description: string
  examples: string[]
}

export type ReadType = { type: InputType; isNullable: boolean; label: string; title?: string | undefined }

export const plainText: TextType = { kind: 'text', isLong: false, isSecret: false }

/** `isObject` is a guess from its name: the form begins with keys and values. */
export function anything(label = 'any', isObject = false): ReadType {
  return { type: { kind: 'any', isObject }, isNullable: true, label }
}

export function listOfAnything(label: string): ReadType {
  return { type: { kind: 'rows', item: anything() }, isNullable: false, label }
}

export function mapOf(value: ReadType, accepts: 'dict' | 'object'): InputType {
  return { kind: 'map', value, accepts }
}

export function isSimple(type: InputType): type is SimpleType {
  return ['text', 'integer', 'number', 'boolean', 'choice'].includes(type.kind)
}

export function listOf(items: ReadType, limits: Limits = {}): InputType {
  return isSimple(items.type) && !items.isNullable
    ? { kind: 'list', items: items.type, ...limits }
    : { kind: 'rows', item: items, ...limits }
}

export function distinct(options: Option[]): Option[] {
  return [...new Map(options.map((option) => [option.json, option])).values()]
}
