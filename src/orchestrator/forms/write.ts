import type { InputSchema } from '../../agent/schema/input-schema.ts'
import type { SimpleType } from '../../agent/schema/input-type.ts'
import { jsonError, jsonMembers, jsonObject } from '../../shared/json.ts'
import { errorsIn, errorsOf, type InputError, required } from './check.ts'
import { writeControl } from './control.ts'
import { type Field, type Form, pointerTo } from './form.ts'
import { typedPasswords, withPasswords } from './passwords.ts'

/** By the pointer of the field or row, or at `json` or `other`. */
export type FormErrors = Map<string, string>

export type WrittenForm = { inputs: string; errors: FormErrors }

/** A draft may lack what is required: it is only shown in another view. */
export function writeForm(schema: InputSchema, form: Form, { isDraft = false } = {}): WrittenForm {
  const errors: FormErrors = new Map()
  const inputs = form.view === 'json' ? writeJson(schema, form, isDraft, errors) : writeFields(form, isDraft, errors)
  return { inputs, errors }
}

function writeFields({ fields, other }: Form, isDraft: boolean, errors: FormErrors): string {
  const members = fields.flatMap((field) => writeField(field, isDraft, errors))
  if (other.trim() === '') return jsonObject(members)
  const error = jsonError(other)
  const others = error === undefined ? jsonMembers(other) : undefined
  if (others) return jsonObject(new Map([...others, ...members]))
  errors.set('other', error ?? 'Enter a JSON object, such as {"key": "value"}.')
  return jsonObject(members)
}

function writeJson(schema: InputSchema, form: Form, isDraft: boolean, errors: FormErrors): string {
  const text = form.json.trim()
  const error = jsonError(text) ?? (text.startsWith('{') ? undefined : 'Enter a JSON object, such as {"key": "value"}.')
  if (error !== undefined) {
    errors.set('json', error)
    return '{}'
  }
  const inputs = withPasswords(text, typedPasswords(form.fields))
  if (!isDraft) for (const one of errorsIn(schema.inputs, jsonMembers(inputs)!)) note(errors, '', one)
  return inputs
}

function writeField(field: Field, isDraft: boolean, errors: FormErrors): [string, string][] {
  const { input, pointer, mode } = field
  const json = mode === 'unset' ? undefined : mode === 'null' ? 'null' : writeValue(field, isDraft, errors)
  if (json === undefined) return []
  if (!isDraft && mode !== 'null' && !hasError(errors, pointer)) {
    for (const one of errorsOf(input, json, [])) note(errors, pointer, one)
  }
  return [[input.name, json]]
}

function writeValue(field: Field, isDraft: boolean, errors: FormErrors): string | undefined {
  const { input, pointer, mode, text, rows, fields } = field
  const { type, isRequired } = input
  const missing = (message: string): undefined => {
    if (!isDraft) errors.set(pointer, message)
  }
  if (mode === 'json' || type.kind === 'json') {
    if (text.trim() === '') return missing(isRequired ? required : 'Enter JSON, or choose not to send it.')
    const error = jsonError(text.trim())
    if (error !== undefined) errors.set(pointer, error)
    return error === undefined ? text.trim() : undefined
  }
  if (type.kind === 'group') {
    const members = fields.flatMap((one) => writeField(one, isDraft, errors))
    return isDraft && isRequired && mode === 'set' && members.length === 0 ? undefined : jsonObject(members)
  }
  if (mode === 'empty') return type.kind === 'list' ? '[]' : '""'
  if (type.kind === 'list') {
    const isBlank = rows.every((row) => row.trim() === '')
    if (isBlank) return isRequired ? missing(required) : '[]'
    return `[${rows.map((row, index) => writeRow(type.items, row, pointerTo(pointer, String(index)), errors)).join(',')}]`
  }
  const isText = type.kind === 'text' && type.format === undefined
  if (isText ? text === '' && (isRequired || type.isSecret) : text.trim() === '') {
    return missing(isRequired ? required : 'Fill this in, or choose not to send it.')
  }
  return writeRow(type, text, pointer, errors)
}

function writeRow(type: SimpleType, text: string, pointer: string, errors: FormErrors): string {
  const written = writeControl(type, text)
  if ('value' in written) return written.value
  errors.set(pointer, written.error)
  return 'null'
}

function hasError(errors: FormErrors, pointer: string): boolean {
  return [...errors.keys()].some((one) => one === pointer || one.startsWith(`${pointer}/`))
}

function note(errors: FormErrors, parent: string, { path, message }: InputError): void {
  const pointer = path.reduce(pointerTo, parent)
  if (!errors.has(pointer)) errors.set(pointer, message)
}
