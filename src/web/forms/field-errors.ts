import type { ExecuteForm } from '../../orchestrator/forms/execute-form.ts'
import type { Field } from '../../orchestrator/forms/fields/field.ts'
import { dottedName } from '../../shared/fields/pointers.ts'

export type FormErrors = ExecuteForm['errors']

/** A field shown as JSON has the errors inside it, too. */
export function errorAt({ pointer, mode }: Field, errors: FormErrors): string {
  const own = errors.get(pointer)
  if (own !== undefined || mode !== 'json') return own ?? ''
  const inside = [...errors].filter(([at]) => at.startsWith(`${pointer}/`))
  return inside.map(([at, message]) => `${dottedName(at.slice(pointer.length))}: ${message}`).join(' ')
}
