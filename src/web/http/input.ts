import type { z } from 'zod'
import { type FieldError, InvalidInputError } from '../../shared/errors.ts'
import { unknownFields } from '../../shared/field-names.ts'

/**
 * Throws InvalidInputError: unknown fields with the known names, others with their message. `messages['']` is for input
 * that is no object.
 */
export function readInput<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  given: unknown,
  messages: Partial<Record<keyof Shape & string, string>> & { '': string },
): z.output<z.ZodObject<Shape>> {
  const read = schema.safeParse(given ?? {})
  if (read.success) return read.data
  const errors = read.error.issues.flatMap((issue): FieldError[] => {
    if (issue.code === 'unrecognized_keys') return unknownFields(issue.keys, Object.keys(schema.shape))
    const field = String(issue.path[0] ?? '')
    return [{ field, message: messages[field] ?? messages[''] }]
  })
  throw new InvalidInputError([...new Map(errors.map((one) => [one.field, one])).values()])
}
