import type { Input, InputType, NumberType, ReadType, TextType } from '../../../agent/schema/input-type.ts'
import { jsonItems, jsonMembers, looseValue } from '../../../shared/json.ts'
import { plural } from '../../../shared/plural.ts'
import { isNumber, mayBeBoolean, mayBeInteger, mayBeNumber } from './lax-values.ts'

/** `path` are names, and indexes in lists, from the top. */
export type InputError = { path: string[]; message: string }

export const required = 'This input is required.'
const maxErrors = 100

/** Only what the agent is sure to refuse; members that no input names pass. */
export function errorsIn(inputs: Input[], members: Map<string, string>, path: string[] = []): InputError[] {
  const errors: InputError[] = []
  for (const input of inputs) {
    const json = members.get(input.name)
    const inner = [...path, input.name]
    if (json !== undefined) errors.push(...errorsOf(input, json, inner))
    else if (input.isRequired) errors.push({ path: inner, message: required })
    if (errors.length >= maxErrors) break
  }
  return errors
}

export function errorsOf({ type, isNullable }: Checked, json: string, path: string[]): InputError[] {
  if (json === 'null' && isNullable) return []
  const message = wrongKind(type, json) ?? beyondLimits(type, json)
  return message === undefined ? errorsInside(type, json, path).slice(0, maxErrors) : [{ path, message }]
}

type Checked = Pick<ReadType, 'type' | 'isNullable'>

function errorsInside(type: InputType, json: string, path: string[]): InputError[] {
  const each = (of: (index: number) => Checked | undefined) =>
    jsonItems(json)!.flatMap((item, index) => {
      const part = of(index)
      return part ? errorsOf(part, item, [...path, String(index)]) : []
    })
  switch (type.kind) {
    case 'group':
      return json === 'null' ? [] : errorsIn(type.inputs, jsonMembers(json)!, path)
    case 'list':
      return each(() => ({ type: type.items, isNullable: false }))
    case 'rows':
      return each(() => type.item)
    case 'tuple':
      return each((index) => type.items[index])
    case 'map':
      return [...(jsonMembers(json) ?? [])].flatMap(([key, value]) => errorsOf(type.value, value, [...path, key]))
    case 'union':
      return errorsInUnion(type.variants, json, path)
    default:
      return []
  }
}

/** Those of the variant that comes nearest to what was given. */
function errorsInUnion(variants: Checked[], json: string, path: string[]): InputError[] {
  const all = variants.map((variant) => errorsOf(variant, json, path))
  const nearest = all.find((errors) => errors.some((one) => one.path.length > path.length))
  return all.some((errors) => errors.length === 0) ? [] : (nearest ?? all[0]!)
}

/** Pydantic takes some values of other types: these pass. */
function wrongKind(type: InputType, json: string): string | undefined {
  const isList = json.startsWith('[')
  const isObject = json.startsWith('{')
  switch (type.kind) {
    case 'text':
      return json.startsWith('"') || (type.format !== undefined && isNumber(json)) ? undefined : 'Enter a string.'
    case 'integer':
      return mayBeInteger(json) ? undefined : 'Enter a whole number.'
    case 'number':
      return mayBeNumber(json) ? undefined : 'Enter a number.'
    case 'boolean':
      return mayBeBoolean(json) ? undefined : 'Choose true or false.'
    case 'choice':
      return type.options.some((option) => mayMean(option.json, json)) ? undefined : oneOf(type.options)
    case 'list':
    case 'rows':
    case 'tuple':
      return isList ? undefined : listWanted
    case 'map':
      return isObject || (json === 'null' && type.accepts === 'object') ? undefined : objectWanted
    case 'union':
    case 'any':
      return undefined
    case 'group':
      return isObject || json === 'null' ? undefined : objectWanted
    case 'json':
      if (type.accepts === 'list' && !isList) return listWanted
      return type.accepts === 'object' && !isObject && json !== 'null' ? objectWanted : undefined
  }
}

const listWanted = 'Enter a JSON list, such as ["a", "b"].'
const objectWanted = 'Enter a JSON object, such as {"key": "value"}.'

/** How numbers, lists and objects compare is up to the agent. */
function mayMean(option: string, json: string): boolean {
  if (option === json) return true
  if (option.startsWith('"')) return textOf(option) === textOf(json)
  if (json.startsWith('"')) return isNumber(option) && mayBeNumber(json)
  return !isWord(option) && !isWord(json)
}

function textOf(json: string): unknown {
  return json.startsWith('"') ? looseValue(json) : undefined
}

function isWord(json: string): boolean {
  return json === 'true' || json === 'false' || json === 'null'
}

function oneOf(options: { label: string }[]): string {
  const some = options.slice(0, 8).map(({ label }) => label)
  return `Choose one of ${some.join(', ')}${options.length > some.length ? ', …' : ''}.`
}

function beyondLimits(type: InputType, json: string): string | undefined {
  if (type.kind === 'text') return json.startsWith('"') ? wrongLength(type, json) : undefined
  if (type.kind === 'integer' || type.kind === 'number') return isNumber(json) ? outOfRange(type, json) : undefined
  if (type.kind === 'tuple') {
    return jsonItems(json)!.length < type.minItems ? `Enter ${plural(type.minItems, 'item')}.` : undefined
  }
  if (type.kind !== 'list' && type.kind !== 'rows') return undefined
  const items = jsonItems(json)!.length
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = type
  if (items < minItems) return `Enter at least ${plural(minItems, 'item')}.`
  return items > maxItems ? `Enter at most ${plural(maxItems, 'item')}.` : undefined
}

function wrongLength(
  { minLength = 0, maxLength = Number.POSITIVE_INFINITY }: TextType,
  json: string,
): string | undefined {
  if (minLength === 0 && maxLength === Number.POSITIVE_INFINITY) return undefined
  const text = looseValue(json) as string
  const length = Array.from(text).length
  if (length < minLength) return `Enter at least ${plural(minLength, 'character')}.`
  return Array.from(text.trim()).length > maxLength
    ? `Enter at most ${maxLength} characters; these are ${length}.`
    : undefined
}

/** Rounding keeps the order of numbers, so only equality needs a second check. */
function outOfRange(type: NumberType, json: string): string | undefined {
  const number = Number(json)
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below } = type
  if (minimum !== undefined && number < Number(minimum)) return `Enter ${minimum} or more.`
  if (maximum !== undefined && number > Number(maximum)) return `Enter ${maximum} or less.`
  if (above !== undefined && (number < Number(above) || isSurelyEqual(json, above))) return `Enter more than ${above}.`
  if (below !== undefined && (number > Number(below) || isSurelyEqual(json, below))) return `Enter less than ${below}.`
  return undefined
}

const digitsKept = 15

function isSurelyEqual(json: string, limit: string): boolean {
  return json === limit || (json.length <= digitsKept && limit.length <= digitsKept && Number(json) === Number(limit))
}
