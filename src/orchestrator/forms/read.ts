import type { InputSchema } from '../../agent/schema/input-schema.ts'
import type { Input } from '../../agent/schema/input-type.ts'
import { type Field, type Form, type Mode, modes, pointerTo } from './form.ts'

export type TypedForm = {
  values: ReadonlyMap<string, readonly string[]>
  modes: ReadonlyMap<string, string>
  view: string
  json: string
  other: string
  token: string
  schemaMark: string
  isDraft: boolean
}

export function readForm({ inputs }: InputSchema, typed: TypedForm): Form {
  return {
    view: typed.view === 'json' ? 'json' : 'form',
    fields: inputs.map((input) => readField(input, '', typed)),
    other: typed.other,
    json: withPlainLines(typed.json),
  }
}

/** The agent may have changed since the form was shown. */
export function goneInputs({ inputs }: InputSchema, { values }: TypedForm): string[] {
  const names = new Set(inputs.map(({ name }) => name))
  const typed = [...values.keys()].map((pointer) => nameAt(`/${pointer.split('/')[1]}`))
  return [...new Set(typed)].filter((name) => !names.has(name))
}

function nameAt(pointer: string): string {
  try {
    return decodeURIComponent(pointer.slice(1))
  } catch {
    return pointer.slice(1)
  }
}

function readField(input: Input, parent: string, typed: TypedForm): Field {
  const pointer = pointerTo(parent, input.name)
  const values = typed.values.get(pointer)?.map(withPlainLines)
  const { type } = input
  const fields = type.kind === 'group' ? type.inputs.map((one) => readField(one, pointer, typed)) : []
  const isUsed =
    values !== undefined || fields.some(({ mode, input: { isRequired } }) => mode !== 'unset' && !isRequired)
  const text = values?.at(-1) ?? ''
  const mode = modeOf(input, typed.modes.get(pointer), isUsed, text)
  const isList = type.kind === 'list' && mode !== 'json'
  return { input, pointer, mode, text: isList ? '' : text, rows: isList ? (values ?? []) : [], fields }
}

const canBeEmpty = new Set(['text', 'list', 'group'])

function modeOf(input: Input, typed: string | undefined, isUsed: boolean, text: string): Mode {
  const { isRequired, isNullable, type } = input
  const mode = modes.includes(typed ?? '') ? (typed as Mode) : isUsed || isRequired ? 'set' : 'unset'
  if (mode === 'json') return mode
  if (type.kind === 'boolean' || type.kind === 'choice') {
    if (text === 'null' && isNullable) return 'null'
    return text === '' && !isRequired ? 'unset' : 'set'
  }
  if ((mode === 'unset' && isRequired) || (mode === 'null' && !isNullable)) return 'set'
  return mode === 'empty' && !canBeEmpty.has(type.kind) ? 'set' : mode
}

/** Browsers send line breaks as CR LF. */
function withPlainLines(text: string): string {
  return text.replaceAll('\r\n', '\n')
}
