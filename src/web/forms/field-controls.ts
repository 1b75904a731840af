import type { Field } from '../../orchestrator/forms/fields/field.ts'
import { shortJson } from './field-hints.ts'

type Type = Field['input']['type']

export type Control =
  | ('box' | 'text' | 'json' | 'number' | 'line' | 'date' | 'secret' | 'choice' | 'search' | 'fixed' | 'boolean')
  | ('list' | 'group' | 'tuple' | 'rows' | 'map' | 'union')

const nativeDate = /^(?!0000)\d{4}-\d\d-\d\d$/
/** A longer list of options is searched by typing. */
const maxListed = 20

export function controlOf({ input, mode, text }: Field): Control {
  const { type, holdsSecret } = input
  if (mode === 'json') return 'json'
  if (type.kind === 'boolean') return 'boolean'
  if (type.kind === 'choice') return isFixed(input) && text !== '' ? 'fixed' : choiceControl(type)
  if (!hasControl(type, mode)) return 'box'
  if (type.kind === 'integer' || type.kind === 'number') return holdsSecret ? 'secret' : 'number'
  if (type.kind === 'any') return 'union'
  if (type.kind !== 'text') return type.kind
  if (type.isSecret) return 'secret'
  if (type.format === undefined) return type.hint && !type.isLong && !text.includes('\n') ? 'line' : 'text'
  return type.format === 'date' && (text === '' || nativeDate.test(text)) ? 'date' : 'line'
}

function isFixed({ type, isRequired, isPart, isNullable }: Field['input']): boolean {
  return (isRequired || isPart === true) && !isNullable && type.kind === 'choice' && type.options.length === 1
}

export function choiceControl({ options }: Extract<Type, { kind: 'choice' }>): 'choice' | 'search' {
  return options.length > maxListed ? 'search' : 'choice'
}

const canBeEmpty = new Set(['list', 'group', 'rows', 'map'])

export function hasControl(type: Type, mode: Field['mode']): boolean {
  return mode === 'set' || mode === 'json' || (mode === 'empty' && canBeEmpty.has(type.kind))
}

export function placeholderOf({ input: { type, isRequired, isPart }, mode }: Field): string {
  if (type.kind !== 'text' || type.isSecret || mode === 'json') return ''
  if (type.hint === 'file') return 'Base64'
  if (type.format === 'time') return '16:30:00'
  if (type.format === 'date-time') return '2026-11-22T16:30:00Z'
  return isRequired || isPart ? '' : 'Empty text'
}

const typing: Record<string, { inputMode?: string; autocomplete: string }> = {
  email: { inputMode: 'email', autocomplete: 'email' },
  url: { inputMode: 'url', autocomplete: 'url' },
}

/** What helps on a phone. The type stays `text`: browsers change what is typed into an email or URL input. Never `off`:
 * then they forget what was typed on going back. */
export function typingOf({ input: { type } }: Field): { inputMode: string; autocomplete: string } {
  if (type.kind === 'integer') return { inputMode: 'numeric', autocomplete: '' }
  if (type.kind === 'number') return { inputMode: 'decimal', autocomplete: '' }
  const { inputMode = '', autocomplete = '' } = (type.kind === 'text' && type.hint && typing[type.hint]) || {}
  return { inputMode, autocomplete }
}

export function sentenceOf({ input, mode, rows, fields }: Field): string {
  if (mode === 'unset') return 'Not sent'
  if (mode === 'null') return 'Null is sent'
  const { kind } = input.type
  if (kind === 'rows' || kind === 'map') {
    const word = kind === 'rows' ? 'list' : 'object'
    return fields.length > 0 ? '' : mode === 'empty' || !input.isRequired ? `An empty ${word} is sent` : 'No items'
  }
  if (kind !== 'list') return mode === 'empty' ? 'An empty text is sent' : ''
  if (rows.length > 0) return ''
  return mode === 'empty' || !input.isRequired ? 'An empty list is sent' : 'No items'
}

export type OptionView = { value: string; label: string; isChosen: boolean }

export function optionsOf({ input, mode, text }: Field): OptionView[] {
  const { type, isRequired, isPart, isNullable, defaultJson } = input
  if (type.kind !== 'boolean' && type.kind !== 'choice') return []
  const chosen = mode === 'null' ? 'null' : text
  const byDefault = defaultJson && type.kind === 'choice' ? ` · default ${shortJson(defaultJson)}` : ''
  const isFixed = isRequired || isPart
  const isOnly = type.kind === 'choice' && type.options.length === 1 && !isNullable && text !== ''
  const none = { json: '', label: isFixed ? 'Choose…' : `Not sent${byDefault}` }
  return [
    ...(isFixed && (type.kind === 'boolean' || isOnly) ? [] : [none]),
    ...(type.kind === 'boolean' ? trueOrFalse : type.options),
    ...(isNullable ? [{ json: 'null', label: 'Null' }] : []),
  ].map((option) => presentOption(option, chosen))
}

export const trueOrFalse = [
  { json: 'true', label: 'True' },
  { json: 'false', label: 'False' },
]

export function presentOption({ json, label }: { json: string; label: string }, chosen: string): OptionView {
  return { value: json, label: label || '""', isChosen: json === chosen }
}

/** What a person types to choose: labels, or the JSON of options that share one. */
export function suggestionsOf(type: Type, isNullable: boolean): string[] {
  if (type.kind !== 'choice') return []
  return [...type.options.map((option) => searchText(type, option.json)), ...(isNullable ? ['null'] : [])]
}

export function searchText(type: Extract<Type, { kind: 'choice' }>, text: string): string {
  const option = type.options.find(({ json }) => json === text)
  if (!option) return text
  const { label } = option
  const isAlone = type.options.every((one) => one === option || (one.label !== label && one.json !== label))
  return isAlone && label !== '' && label !== 'null' ? label : text
}
