import type { InputSchema } from '../../agent/schema/input-schema.ts'
import { holdsKept } from '../../shared/fields/kept.ts'
import { prettyJson } from '../../shared/json/pretty.ts'
import { jsonError, jsonMembers, looseValue } from '../../shared/json.ts'
import type { Field } from './fields/field.ts'
import { filledAt, shownAs } from './fields/filled.ts'
import { blankRow, setAt, withNewRow } from './fields/fresh.ts'
import { type Form, formOf, isJsonOnly } from './form.ts'
import { withKept } from './kept.ts'
import { asVariant } from './kinds.ts'
import { askedAgain, askedBesideJson, withoutPasswords } from './passwords.ts'
import { writeDraft, writeForm } from './write.ts'
import type { FormErrors } from './write-inside.ts'

export type ChangedForm = { form: Form; errors: FormErrors; focus: string }

/** `op` is `set:/topic`, `unset:…`, `null:…`, `empty:…`, `json:…`, `default:…`, `example:…` (the example is after the
 * last colon), `add:…` (a row), `remove:/tags/2`, `as:/stop/:1` (a variant), `view:json` or `view:form`. */
export function changeForm(schema: InputSchema, form: Form, op: string): ChangedForm {
  const changed = pressed(schema, form, op)
  if (changed.form.view === 'json') return changed
  return { ...changed, errors: new Map([...askedAgain(changed.form, form.fields), ...changed.errors]) }
}

function pressed(schema: InputSchema, form: Form, op: string): ChangedForm {
  const at = op.indexOf(':')
  const [verb, target] = [op.slice(0, at), op.slice(at + 1)]
  if (verb === 'view') return target === 'json' ? toJson(schema, form) : toForm(schema, form)
  const outer = target.slice(0, target.lastIndexOf('/'))
  const last = target.slice(outer.length + 1)
  if (verb === 'remove') return changedAt(form, outer, (field) => withoutRow(field, last))
  if (verb === 'as')
    return { ...changedAt(form, outer, (field) => asVariant(field, Number(last.slice(1)))), focus: target }
  if (verb === 'example') {
    const end = target.lastIndexOf(':')
    const example = (field: Field) => withExample(field, Number(target.slice(end + 1)))
    return changedAt(form, target.slice(0, end), example)
  }
  if (verb === 'add') return addedAt(form, target)
  const change = Object.hasOwn(changes, verb) ? changes[verb]! : (field: Field) => field
  return changedAt(form, target, change)
}

function changedAt(form: Form, target: string, change: (field: Field) => Field): ChangedForm {
  return { form: { ...form, fields: changed(form.fields, target, change) }, errors: new Map(), focus: target }
}

function addedAt(form: Form, target: string): ChangedForm {
  let focus = target
  const changed = changedAt(form, target, (field) => {
    const grown = changes.add!(field)
    focus = grown.fields.at(-1)?.pointer ?? target
    return grown
  })
  return { ...changed, focus: changed.form.fields === form.fields ? target : focus }
}

const nothing = { text: '', rows: [], fields: [] }
const changes: Record<string, (field: Field) => Field> = {
  set,
  unset: (field) => ({ ...field, ...kept(field), mode: 'unset' }),
  null: (field) => ({ ...field, ...kept(field), mode: 'null' }),
  empty: (field) => ({ ...field, ...kept(field), mode: 'empty' }),
  default: (field) => withJson(field, field.input.defaultJson),
  json: (field) => ({
    ...field,
    ...nothing,
    mode: 'json',
    text: prettyJson(writeDraft(field) ?? ''),
    fields: holdsKept(field) ? field.fields : [],
  }),
  add: (field) =>
    field.input.type.kind === 'list'
      ? { ...field, mode: 'set', rows: [...field.rows, blankRow(field)] }
      : withNewRow(field.mode === 'set' ? field : { ...field, ...nothing }),
}

/** A group that is not sent keeps what is typed into it. */
function kept(field: Field) {
  return { ...nothing, fields: field.input.type.kind === 'group' ? field.fields : [] }
}

function withJson(field: Field, json: string | undefined): Field {
  return json === undefined ? field : { ...field, ...filledAt(field.input, field.pointer, json) }
}

function withExample(field: Field, index: number): Field {
  return withJson(field, field.input.examples[index])
}

function withoutRow(field: Field, last: string): Field {
  if (field.input.type.kind === 'list') return { ...field, rows: field.rows.toSpliced(Number(last), 1) }
  return { ...field, fields: field.fields.filter(({ input }) => input.name !== last) }
}

function set(field: Field): Field {
  const { input, pointer, mode } = field
  const blank = setAt(input, pointer)
  const shown = mode === 'json' ? fromJson(field, { ...blank, ...withoutDefault(field) }) : blank
  return { ...keyOf(field), ...withKept(shown, field) }
}

function keyOf({ key }: Field) {
  return key === undefined ? {} : { key }
}

function withoutDefault({ input, pointer }: Field): Field {
  const { defaultJson, ...rest } = input
  return { ...setAt(rest, pointer), input }
}

/** Leaves out what the controls cannot show. */
function fromJson({ text, input }: Field, blank: Field): Field {
  const json = text.trim()
  const isReadable = json !== 'null' && jsonError(json) === undefined
  const shown = isReadable ? shownAs(blank, json) : undefined
  if (shown) return shown
  const members = isReadable && input.type.kind === 'group' && jsonMembers(json)
  if (members) {
    const fields = blank.fields.map((one) => filledAt(one.input, one.pointer, members.get(one.input.name)))
    return { ...blank, fields }
  }
  const value = looseValue(json)
  const isText = input.type.kind === 'text' || ['integer', 'number', 'choice'].includes(input.type.kind)
  return isText && typeof value !== 'object' ? { ...blank, text: String(value ?? text) } : blank
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
  const asked = askedBesideJson(schema.inputs, inputs, form.fields)
  return { form: { ...form, view: 'json', json }, errors: asked, focus: 'json' }
}

function toForm(schema: InputSchema, form: Form): ChangedForm {
  if (form.view === 'form' || isJsonOnly(schema)) return { form, errors: new Map(), focus: '' }
  const { inputs, errors } = writeForm(schema, form, { isDraft: true })
  if (errors.size > 0) return { form, errors, focus: 'json' }
  const shown = formOf(schema, inputs)
  const fields = shown.fields.map((field, index) => withKept(field, form.fields[index]))
  return { form: { ...shown, fields }, errors, focus: '' }
}
