import type { InputSchema } from '../../agent/schema/input-schema.ts'
import type { SimpleType } from '../../agent/schema/input-type.ts'
import { jsonMembers, jsonMistake, jsonObject } from '../../shared/json.ts'
import { type Mistake, mistakesIn, mistakesOf, required } from './check.ts'
import { writeControl } from './control.ts'
import { type Field, type Form, pointerTo } from './form.ts'
import { typedPasswords, withPasswords } from './passwords.ts'

/** What is wrong, by the pointer of the field (of a row: with its place), or at `json` or `other`. */
export type Mistakes = Map<string, string>

export type WrittenForm = { inputs: string; mistakes: Mistakes }

/**
 * The JSON text of the inputs that a form stands for, and all mistakes in it. A `draft` may lack what is required: it
 * is only shown in another way.
 */
export function writeForm(schema: InputSchema, form: Form, { isDraft = false } = {}): WrittenForm {
  const mistakes: Mistakes = new Map()
  const inputs =
    form.view === 'json' ? writeJson(schema, form, isDraft, mistakes) : writeFields(form, isDraft, mistakes)
  return { inputs, mistakes }
}

function writeFields({ fields, other }: Form, isDraft: boolean, mistakes: Mistakes): string {
  const members = fields.flatMap((field) => writeField(field, isDraft, mistakes))
  if (other.trim() === '') return jsonObject(members)
  const mistake = jsonMistake(other)
  const others = mistake === undefined ? jsonMembers(other) : undefined
  if (others) return jsonObject(new Map([...others, ...members]))
  mistakes.set('other', mistake ?? 'Enter a JSON object, such as {"key": "value"}.')
  return jsonObject(members)
}

function writeJson(schema: InputSchema, form: Form, isDraft: boolean, mistakes: Mistakes): string {
  const text = form.json.trim()
  const mistake =
    jsonMistake(text) ?? (text.startsWith('{') ? undefined : 'Enter a JSON object, such as {"key": "value"}.')
  if (mistake !== undefined) {
    mistakes.set('json', mistake)
    return '{}'
  }
  const inputs = withPasswords(text, typedPasswords(form.fields))
  if (!isDraft) for (const one of mistakesIn(schema.inputs, jsonMembers(inputs)!)) note(mistakes, '', one)
  return inputs
}

/** A member of the object, or nothing. */
function writeField(field: Field, isDraft: boolean, mistakes: Mistakes): [string, string][] {
  const { input, pointer, mode } = field
  const json = mode === 'unset' ? undefined : mode === 'null' ? 'null' : writeValue(field, isDraft, mistakes)
  if (json === undefined) return []
  // In what is only to be shown as JSON, values of other types are no mistakes.
  if (!isDraft && mode !== 'null' && !hasMistake(mistakes, pointer)) {
    for (const one of mistakesOf(input, json, [])) note(mistakes, pointer, one)
  }
  return [[input.name, json]]
}

function writeValue(field: Field, isDraft: boolean, mistakes: Mistakes): string | undefined {
  const { input, pointer, mode, text, rows, fields } = field
  const { type, isRequired } = input
  const missing = (message: string): undefined => {
    if (!isDraft) mistakes.set(pointer, message)
  }
  if (mode === 'json' || type.kind === 'json') {
    if (text.trim() === '') return missing(isRequired ? required : 'Enter JSON, or choose not to send it.')
    const mistake = jsonMistake(text.trim())
    if (mistake !== undefined) mistakes.set(pointer, mistake)
    return mistake === undefined ? text.trim() : undefined
  }
  if (type.kind === 'group') {
    const members = fields.flatMap((one) => writeField(one, isDraft, mistakes))
    // A group that nobody has touched yet is as good as a blank text.
    return isDraft && isRequired && mode === 'set' && members.length === 0 ? undefined : jsonObject(members)
  }
  if (mode === 'empty') return type.kind === 'list' ? '[]' : '""'
  if (type.kind === 'list') {
    // A list that was set and left blank is empty.
    const isBlank = rows.every((row) => row.trim() === '')
    if (isBlank) return isRequired ? missing(required) : '[]'
    return `[${rows.map((row, index) => writeRow(type.items, row, pointerTo(pointer, String(index)), mistakes)).join(',')}]`
  }
  const isText = type.kind === 'text' && type.format === undefined
  if (isText ? text === '' && (isRequired || type.isSecret) : text.trim() === '') {
    return missing(isRequired ? required : 'Fill this in, or choose not to send it.')
  }
  return writeRow(type, text, pointer, mistakes)
}

function writeRow(type: SimpleType, text: string, pointer: string, mistakes: Mistakes): string {
  const written = writeControl(type, text)
  if ('json' in written) return written.json
  mistakes.set(pointer, written.mistake)
  return 'null'
}

function hasMistake(mistakes: Mistakes, pointer: string): boolean {
  return [...mistakes.keys()].some((one) => one === pointer || one.startsWith(`${pointer}/`))
}

function note(mistakes: Mistakes, parent: string, { path, message }: Mistake): void {
  const pointer = path.reduce(pointerTo, parent)
  if (!mistakes.has(pointer)) mistakes.set(pointer, message)
}
