import type { Field } from '../../orchestrator/forms/form.ts'
import type { FormErrors } from './field-errors.ts'
import { shortJson } from './field-hints.ts'

const nativeDate = /^(?!0000)\d{4}-\d\d-\d\d$/

export function controlOf({ input: { type, holdsSecret }, mode, text }: Field) {
  if (mode === 'json') return 'json'
  if (type.kind === 'boolean' || type.kind === 'choice') return type.kind
  if (!hasControl(type, mode)) return 'box'
  if (type.kind === 'integer' || type.kind === 'number') return holdsSecret ? 'secret' : 'number'
  if (type.kind !== 'text') return type.kind
  if (type.isSecret) return 'secret'
  if (type.format === undefined) return 'text'
  return type.format === 'date' && (text === '' || nativeDate.test(text)) ? 'date' : 'line'
}

export function hasControl(type: Field['input']['type'], mode: Field['mode']): boolean {
  return mode === 'set' || mode === 'json' || (mode === 'empty' && (type.kind === 'list' || type.kind === 'group'))
}

export function placeholderOf({ input: { type, isRequired }, mode }: Field): string {
  if (mode === 'json' || type.kind === 'json') return 'JSON'
  if (type.kind !== 'text' || type.isSecret) return ''
  if (type.format === 'time') return '16:30:00'
  if (type.format === 'date-time') return '2026-11-22T16:30:00Z'
  return isRequired ? '' : 'Empty text'
}

export function sentenceOf({ input, mode, rows }: Field): string {
  if (mode === 'unset') return 'Not sent'
  if (mode === 'null') return 'Null is sent'
  if (input.type.kind !== 'list') return mode === 'empty' ? 'An empty text is sent' : ''
  if (rows.length > 0) return ''
  return mode === 'empty' || !input.isRequired ? 'An empty list is sent' : 'No items'
}

type OptionView = { value: string; label: string; isChosen: boolean }

export function optionsOf({ input, mode, text }: Field): OptionView[] {
  const { type, isRequired, isNullable, defaultJson } = input
  if (type.kind !== 'boolean' && type.kind !== 'choice') return []
  const chosen = mode === 'null' ? 'null' : text
  const byDefault = defaultJson && type.kind === 'choice' ? ` · default ${shortJson(defaultJson)}` : ''
  const isOnly = type.kind === 'choice' && type.options.length === 1 && !isNullable && text !== ''
  const none = { json: '', label: isRequired ? 'Choose…' : `Not sent${byDefault}` }
  return [
    ...(isRequired && (type.kind === 'boolean' || isOnly) ? [] : [none]),
    ...(type.kind === 'boolean' ? trueOrFalse : type.options),
    ...(isNullable ? [{ json: 'null', label: 'Null' }] : []),
  ].map((option) => presentOption(option, chosen))
}

const trueOrFalse = [
  { json: 'true', label: 'True' },
  { json: 'false', label: 'False' },
]

function presentOption({ json, label }: { json: string; label: string }, chosen: string): OptionView {
  return { value: json, label: label || '""', isChosen: json === chosen }
}

type RowContext = { index: number; id: string; errors: FormErrors; focus: string }

export function presentRow({ input, pointer }: Field, text: string, { index, id, errors, focus }: RowContext) {
  const type = input.type.kind === 'list' ? input.type.items : undefined
  const at = `${pointer}/${index}`
  const choices = type?.kind === 'boolean' ? trueOrFalse : type?.kind === 'choice' ? type.options : undefined
  const isSecret = type?.kind === 'text' && type.isSecret
  return {
    id: `${id}-row-${index}`,
    label: `${input.name}, item ${index + 1}`,
    control: choices ? 'choice' : isSecret ? 'secret' : type?.kind === 'text' ? 'text' : 'number',
    text: isSecret ? '' : text,
    options: choices ? [{ json: '', label: 'Choose…' }, ...choices].map((one) => presentOption(one, text)) : [],
    error: errors.get(at) ?? '',
    isFocused: focus === at,
    remove: { op: `remove:${at}`, label: `Remove item ${index + 1} of ${input.name}` },
  }
}
