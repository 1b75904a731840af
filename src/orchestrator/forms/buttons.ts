import type { InputSchema } from '../../agent/schema/input-schema.ts'
import { looseValue } from '../../shared/json.ts'
import { type Field, type Form, fieldOf, formOf, freshField, isJsonOnly } from './form.ts'
import { withoutPasswords } from './passwords.ts'
import { type FormErrors, writeForm } from './write.ts'

export type ChangedForm = { form: Form; errors: FormErrors; focus: string }

/**
 * `op` is `set:/topic`, `unset:…`, `null:…`, `empty:…`, `add:…` (a row), `remove:/tags/2`, `view:json` or `view:form`.
 */
export function changeForm(schema: InputSchema, form: Form, op: string): ChangedForm {
  const at = op.indexOf(':')
  const [verb, target] = [op.slice(0, at), op.slice(at + 1)]
  if (verb === 'view') return target === 'json' ? toJson(schema, form) : toForm(schema, form)
  if (verb === 'remove') {
    const list = target.slice(0, target.lastIndexOf('/'))
    const index = Number(target.slice(list.length + 1))
    const fields = changed(form.fields, list, (field) => ({ ...field, rows: field.rows.toSpliced(index, 1) }))
    return { form: { ...form, fields }, errors: new Map(), focus: list }
  }
  const change = changes[verb]
  const fields = change ? changed(form.fields, target, change) : form.fields
  return { form: { ...form, fields }, errors: new Map(), focus: target }
}

const changes: Record<string, (field: Field) => Field> = {
  set,
  unset: (field) => ({ ...field, mode: 'unset', text: '', rows: [] }),
  null: (field) => ({ ...field, mode: 'null', text: '', rows: [] }),
  empty: (field) => ({ ...field, mode: 'empty', text: '', rows: [] }),
  add: (field) => ({ ...field, mode: 'set', rows: [...field.rows, blankRow(field)] }),
}

function blankRow({ input: { type } }: Field): string {
  const options = type.kind === 'list' && type.items.kind === 'choice' ? type.items.options : []
  return options.length === 1 ? options[0]!.json : ''
}

function set(field: Field): Field {
  const { input, pointer, mode } = field
  const parent = pointer.slice(0, pointer.lastIndexOf('/'))
  const blank = { ...freshField(input, parent), mode: 'set' } as const
  if (mode === 'json') {
    const value = looseValue(field.text)
    const isText = input.type.kind !== 'group' && input.type.kind !== 'list' && typeof value !== 'object'
    return { ...blank, text: isText ? String(value ?? field.text) : '' }
  }
  if (mode === 'unset' && input.defaultJson !== undefined && input.defaultJson !== 'null') {
    return fieldOf(input, parent, input.defaultJson)
  }
  return input.type.kind === 'list' ? { ...blank, rows: [blankRow(blank)] } : blank
}

function changed(fields: Field[], pointer: string, change: (field: Field) => Field): Field[] {
  return fields.map((field) => {
    if (field.pointer === pointer) return change(field)
    return pointer.startsWith(`${field.pointer}/`)
      ? { ...field, fields: changed(field.fields, pointer, change) }
      : field
  })
}

function toJson(schema: InputSchema, form: Form): ChangedForm {
  if (form.view === 'json') return { form, errors: new Map(), focus: 'json' }
  const { inputs, errors } = writeForm(schema, form, { isDraft: true })
  if (errors.size > 0) return { form, errors, focus: '' }
  const { json } = formOf(schema, withoutPasswords(schema.inputs, inputs))
  return { form: { ...form, view: 'json', json }, errors, focus: 'json' }
}

function toForm(schema: InputSchema, form: Form): ChangedForm {
  if (form.view === 'form' || isJsonOnly(schema)) return { form, errors: new Map(), focus: '' }
  const { inputs, errors } = writeForm(schema, form, { isDraft: true })
  if (errors.size > 0) return { form, errors, focus: 'json' }
  return { form: formOf(schema, inputs), errors, focus: '' }
}
