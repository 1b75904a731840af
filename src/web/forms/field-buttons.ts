import type { Field } from '../../orchestrator/forms/form.ts'
import { hasControl } from './field-controls.ts'

/** A button that changes the form and executes nothing. `word` is on it, `label` says it in full. */
export type Button = { op: string; word: string; label: string }

/** The buttons beside the name of an input: the other ways in which it can stand. */
export function buttonsOf({ input, pointer, mode }: Field): Button[] {
  const { name, type, isRequired, isNullable } = input
  // These two choose among all ways by themselves.
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

/** What a text or list offers that was left blank and may not be, unless it is meant to be empty. */
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
