import type { Field } from '../../orchestrator/forms/form.ts'
import { hasControl } from './field-controls.ts'

/** `word` is on the button, `label` is its accessible name. */
export type Button = { op: string; word: string; label: string }

export function buttonsOf({ input, pointer, mode }: Field): Button[] {
  const { name, type, isRequired, isNullable } = input
  if ((type.kind === 'boolean' || type.kind === 'choice') && mode !== 'json') return []
  return [
    ...(isNullable && mode !== 'null' ? [button('null', pointer, 'Null', `Send Null as ${name}`)] : []),
    ...(!isRequired && mode !== 'unset' ? [button('unset', pointer, 'Not sent', `Not sent: ${name}`)] : []),
    ...(mode === 'json'
      ? type.kind === 'json'
        ? []
        : [button('set', pointer, 'Use the form', `Use the form for ${name}`)]
      : []),
    ...(hasControl(type, mode) ? [] : [button('set', pointer, 'Set', `Set ${name}`)]),
  ]
}

export function offerOf({ input, pointer, mode, text, rows }: Field): Button | undefined {
  const { type, isRequired, name } = input
  const isBlankList = type.kind === 'list' && isRequired && rows.every((row) => row.trim() === '')
  const isBlankText = type.kind === 'text' && type.format === undefined && text === '' && (isRequired || type.isSecret)
  return mode === 'set' && (isBlankList || isBlankText)
    ? button('empty', pointer, 'Send empty', `Send empty ${name}`)
    : undefined
}

export function addButton({ input: { name }, pointer }: Field): Button {
  return button('add', pointer, 'Add item', `Add item to ${name}`)
}

function button(verb: string, pointer: string, word: string, label: string): Button {
  return { op: `${verb}:${pointer}`, word, label }
}
