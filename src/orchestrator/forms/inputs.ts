import type { InputSchema } from '../../agent/schema/input-schema.ts'
import type { FieldError } from '../../shared/errors.ts'
import { jsonMembers } from '../../shared/json.ts'
import { errorsIn, required } from './fields/check.ts'

export type { InputSchema }

/** Under dotted names. Only what the agent is sure to refuse. */
export function inputErrors(schema: InputSchema, inputs: string): FieldError[] {
  return errorsIn(schema.inputs, jsonMembers(inputs) ?? new Map()).map(({ path, message }) => {
    const field = path.join('.')
    return { field, message: message === required ? `${field} is required.` : `${field}: ${message}` }
  })
}
