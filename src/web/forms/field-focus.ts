import type { ExecuteForm } from '../../orchestrator/forms/execute-form.ts'
import type { Field } from '../../orchestrator/forms/fields/field.ts'
import { keyPointer } from '../../shared/fields/pointers.ts'
import { controlOf, hasControl } from './field-controls.ts'
import { errorAt, type FormErrors } from './field-errors.ts'

export function focusOf({ form, errors, focus }: ExecuteForm): string {
  if (form.view === 'json') return errors.size > 0 && !errors.has('json') ? '' : 'json'
  if (errors.size > 0) return firstWrong(form.fields, errors) ?? 'other'
  return innermost(form.fields, focus || (form.fields[0]?.pointer ?? ''))
}

function firstWrong(fields: Field[], errors: FormErrors): string | undefined {
  for (const field of fields) {
    const key = keyPointer(field.pointer)
    if (errors.has(key)) return key
    const inner = hasControl(field.input.type, field.mode) ? firstWrong(field.fields, errors) : undefined
    if (inner !== undefined) return inner
    const row = field.rows.findIndex((_, index) => errors.has(`${field.pointer}/${index}`))
    if (row >= 0) return `${field.pointer}/${row}`
    if (errorAt(field, errors) !== '') return innermost(fields, field.pointer)
  }
  return undefined
}

/** The control to begin with: the first one inside, or the newest row. */
function innermost(fields: Field[], pointer: string): string {
  for (const field of fields) {
    if (field.pointer === pointer && field.key !== undefined) return firstOfRow(field)
    if (pointer.startsWith(`${field.pointer}/`) && field.mode !== 'json') return innermost(field.fields, pointer)
    if (field.pointer !== pointer || !hasControl(field.input.type, field.mode) || field.mode === 'json') continue
    return firstInside(field)
  }
  return pointer
}

function firstOfRow(row: Field): string {
  return row.key === undefined ? innermost([row], row.pointer) : keyPointer(row.pointer)
}

function firstInside(field: Field): string {
  const { input, pointer, fields, rows } = field
  if (input.type.kind === 'map' || input.type.kind === 'rows') {
    const [first] = fields
    return first ? firstOfRow(first) : pointer
  }
  const first = fields.find((inner) => controlOf(inner) !== 'fixed') ?? fields[0]
  if (first) return innermost([first], first.pointer)
  return rows.length > 0 ? `${pointer}/${rows.length - 1}` : pointer
}
