import type { Field } from '../../orchestrator/forms/fields/field.ts'
import { hasControl } from './field-controls.ts'
import { shortJson } from './field-hints.ts'

export type Button = { op: string; word: string; label: string }

const composite = new Set(['group', 'rows', 'map', 'tuple', 'union', 'any'])

/** `name` is what people call the field: its own name, or its place in a list. */
export function buttonsOf({ input, pointer, mode, text }: Field, name: string): Button[] {
  const { type, isRequired, isPart, isNullable, defaultJson } = input
  if ((type.kind === 'boolean' || type.kind === 'choice') && mode !== 'json') return []
  const hasDefault = defaultJson !== undefined && defaultJson !== 'null'
  const isShort = hasDefault && defaultJson.length <= maxShown
  const byDefault = isShort ? `Use default (${shortJson(defaultJson)})` : hasDefault ? 'Use default' : 'Not sent'
  const isOther = isRequired && hasDefault && (mode !== 'set' || text !== shortJson(defaultJson))
  const isJson = mode === 'json' && type.kind !== 'json'
  return [
    ...(isNullable && mode !== 'null' ? [button('null', pointer, 'Null', `Send Null as ${name}`)] : []),
    ...(composite.has(type.kind) && hasControl(type, mode) && !isJson
      ? [button('json', pointer, 'JSON', `Write ${name} as JSON`)]
      : []),
    ...(isJson ? [button('set', pointer, 'Use the form', `Use the form for ${name}`)] : []),
    ...(isRequired || isPart || mode === 'unset' ? [] : [button('unset', pointer, byDefault, `${byDefault}: ${name}`)]),
    ...(isOther ? [button('default', pointer, byDefault, `${byDefault}: ${name}`)] : []),
    ...(hasControl(type, mode) ? [] : [button('set', pointer, 'Set', `Set ${name}`)]),
  ]
}

const maxShown = 24

export function offerOf(field: Field, name: string): Button | undefined {
  const { input, pointer, mode, text, rows, fields } = field
  const { type, isRequired } = input
  const isSecret = type.kind === 'text' && type.isSecret
  const isBlankText = type.kind === 'text' && type.format === undefined && text === '' && (isRequired || isSecret)
  const isBlank = {
    list: rows.every((row) => row.trim() === ''),
    rows: fields.length === 0,
    map: fields.length === 0,
  }[type.kind as string]
  return mode === 'set' && ((isRequired && isBlank) || isBlankText)
    ? button('empty', pointer, 'Send empty', `Send empty ${name}`)
    : undefined
}

export function addButton({ input: { type }, pointer }: Field, name: string): Button {
  const word = type.kind === 'map' ? 'Add entry' : 'Add item'
  return button('add', pointer, word, `${word} to ${name}`)
}

export function removeButton(pointer: string, label: string): Button {
  return button('remove', pointer, 'Remove', label)
}

const maxExample = 60

export function exampleButtons({ input: { examples }, pointer, mode }: Field, name: string): Button[] {
  if (mode === 'json') return []
  return examples.map((json, index) => {
    const word = shortJson(json, maxExample)
    return { op: `example:${pointer}:${index}`, word, label: `Use the example ${word} for ${name}` }
  })
}

function button(verb: string, pointer: string, word: string, label: string): Button {
  return { op: `${verb}:${pointer}`, word, label }
}
