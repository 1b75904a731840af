import type { InputSchema } from '../../agent/schema/input-schema.ts'
import type { SimpleType } from '../../agent/schema/input-type.ts'
import { pointerTo } from '../../shared/fields/pointers.ts'
import { jsonError, jsonMembers, jsonObject } from '../../shared/json.ts'
import { errorsIn, errorsOf, type InputError, required } from './fields/check.ts'
import { writeControl } from './fields/control.ts'
import type { Field } from './fields/field.ts'
import type { Form } from './form.ts'
import { typedPasswords, withPasswords } from './passwords.ts'
import { type FormErrors, writeInside, writeMembers } from './write-inside.ts'

export type WrittenForm = { inputs: string; errors: FormErrors }

/** A draft may lack what is required: it is only shown in another view. */
export function writeForm(schema: InputSchema, form: Form, { isDraft = false } = {}): WrittenForm {
  const errors: FormErrors = new Map()
  const inputs = form.view === 'json' ? writeJson(schema, form, isDraft, errors) : writeFields(form, isDraft, errors)
  return { inputs, errors }
}

/** Undefined when the field is not sent, or has an error. */
export function writeDraft(field: Field): string | undefined {
  return writeField(field, true, new Map())
}

function writeFields({ fields, other }: Form, isDraft: boolean, errors: FormErrors): string {
  const members = writeMembers(fields, { isDraft, errors, write: writeField })
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
  if (!isDraft) {
    for (const { path, message } of errorsIn(schema.inputs, jsonMembers(inputs)!)) {
      note(errors, path.reduce(pointerTo, ''), message)
    }
  }
  return inputs
}

function writeField(field: Field, isDraft: boolean, errors: FormErrors): string | undefined {
  const { input, pointer, mode } = field
  const json = mode === 'unset' ? undefined : mode === 'null' ? 'null' : writeValue(field, isDraft, errors)
  if (json === undefined || isDraft || mode === 'null' || hasError(errors, pointer)) return json
  for (const error of errorsOf(input, json, [])) note(errors, pointerOf(field, error), error.message)
  return json
}

function writeValue(field: Field, isDraft: boolean, errors: FormErrors): string | undefined {
  const { input, pointer, mode, text, rows } = field
  const { type, isRequired } = input
  const missing = (message: string): undefined => {
    if (!isDraft) errors.set(pointer, message)
  }
  if (mode === 'json' || type.kind === 'json') {
    if (text.trim() === '') return missing(isRequired ? required : blank(field))
    const error = jsonError(text.trim())
    if (error !== undefined) errors.set(pointer, error)
    return error === undefined ? text.trim() : undefined
  }
  const inside = writeInside(field, { isDraft, errors, missing, write: writeField })
  if (inside) return inside.json
  if (mode === 'empty') return type.kind === 'list' ? '[]' : '""'
  if (type.kind === 'list') {
    const isBlank = rows.every((row) => row.trim() === '')
    if (isBlank) return isRequired ? missing(required) : '[]'
    return `[${rows.map((row, index) => writeRow(type.items, row, pointerTo(pointer, String(index)), errors)).join(',')}]`
  }
  const isText = type.kind === 'text' && type.format === undefined
  if (isText ? text === '' && (isRequired || type.isSecret) : text.trim() === '') {
    return missing(isRequired ? required : blank(field))
  }
  return writeRow(type as SimpleType, text, pointer, errors)
}

function blank({ input: { isPart, type }, mode }: Field): string {
  if (isPart) return 'Fill this in.'
  return mode === 'json' || type.kind === 'json'
    ? 'Enter JSON, or choose not to send it.'
    : 'Fill this in, or choose not to send it.'
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

/** JSON, and a list of simple values, have no fields inside. */
function pointerOf(field: Field, { path }: InputError): string {
  const hasPlaces = field.mode === 'json' || field.input.type.kind === 'list'
  return hasPlaces ? path.reduce(pointerTo, field.pointer) : field.pointer
}

function note(errors: FormErrors, pointer: string, message: string): void {
  if (!errors.has(pointer)) errors.set(pointer, message)
}
