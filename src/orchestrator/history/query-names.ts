import type { FieldError } from '../../shared/errors.ts'
import { unknownFields } from '../../shared/fields/names.ts'

type Fields = Record<string, unknown>
type UnknownName = FieldError & { typed: string; isUnknown: true }

const filterNames = ['agent', 'status', 'workflow', 'time', 'from', 'to', 'longer', 'q']
const queryNames = [...filterNames, 'sort', 'columns', 'older', 'newer']
const lists = ['agent', 'status', 'columns']

/** `more` are known besides those of the list. */
export function unknownNames(fields: Fields, more: string[] = []): UnknownName[] {
  return unknownFields(Object.keys(fields), [...queryNames, ...more]).map((error) => ({
    ...error,
    typed: textsOf(fields[error.field]).join(', '),
    isUnknown: true,
  }))
}

/** In a program, an empty value is a variable that was not set. */
export function emptyOrRepeated(fields: Fields): FieldError[] {
  return queryNames.flatMap((field) => {
    if (!Object.hasOwn(fields, field)) return []
    const texts = textsOf(fields[field])
    if (texts.length === 0 || texts.some((text) => text.trim() === ''))
      return [{ field, message: `The field “${field}” is empty. Give it a value, or leave it out.` }]
    return texts.length > 1 && !lists.includes(field)
      ? [{ field, message: `The field “${field}” can be given only once.` }]
      : []
  })
}

export function namesRuns(fields: Fields): boolean {
  return filterNames.some((name) => Object.hasOwn(fields, name))
}

function textsOf(value: unknown): string[] {
  return [value].flat().map((one) => (typeof one === 'string' ? one : ''))
}
