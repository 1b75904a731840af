import type { ExecuteForm } from '../../orchestrator/forms/execute-form.ts'
import type { Field } from '../../orchestrator/forms/form.ts'
import { hasControl } from './field-controls.ts'
import { errorAt, type FormErrors } from './field-errors.ts'

export function focusOf({ form, errors, focus }: ExecuteForm): string {
  if (form.view === 'json') return errors.size > 0 && !errors.has('json') ? '' : 'json'
  if (errors.size > 0) return firstWrong(form.fields, errors) ?? 'other'
  return innermost(form.fields, focus || (form.fields[0]?.pointer ?? ''))
}

function firstWrong(fields: Field[], errors: FormErrors): string | undefined {
  for (const field of fields) {
    const inner = hasControl(field.input.type, field.mode) ? firstWrong(field.fields, errors) : undefined
    if (inner !== undefined) return inner
    const row = field.rows.findIndex((_, index) => errors.has(`${field.pointer}/${index}`))
    if (row >= 0) return `${field.pointer}/${row}`
    if (errorAt(field, errors) !== '') return innermost(fields, field.pointer)
  }
  return undefined
}

function innermost(fields: Field[], pointer: string): string {
  for (const field of fields) {
    if (pointer.startsWith(`${field.pointer}/`)) return innermost(field.fields, pointer)
    if (field.pointer !== pointer || !hasControl(field.input.type, field.mode)) continue
    const [first] = field.fields
    if (first) return innermost(field.fields, first.pointer)
    return field.rows.length > 0 ? `${pointer}/${field.rows.length - 1}` : pointer
  }
  return pointer
}
