import { z } from 'zod'
import { type FieldError, InvalidInputError } from '../../shared/errors.ts'
import { unknownFields } from '../../shared/fields/names.ts'
import { documentedSchema } from './schemas.ts'

type RawIssue = z.core.$ZodRawIssue

/** One error for each field. First the unknown ones, with the known names: one that is missing may be misspelt. */
export function invalidInput(error: z.ZodError, schema: z.ZodType): InvalidInputError {
  const shown = documentedSchema(schema) ?? schema
  const known = shown instanceof z.ZodObject ? Object.keys(shown.shape) : []
  const unknown = error.issues.flatMap((issue) => (isUnknown(issue) ? unknownFields(issue.keys, known) : []))
  const others = error.issues.filter((issue) => !isUnknown(issue)).filter(isOwnLimit)
  const errors: FieldError[] = [...unknown, ...others.map(({ path, message }) => ({ field: path.join('.'), message }))]
  return new InvalidInputError([...new Map(errors.toReversed().map((one) => [one.field, one])).values()].toReversed())
}

function isUnknown(issue: z.core.$ZodIssue): issue is z.core.$ZodIssueUnrecognizedKeys {
  return issue.code === 'unrecognized_keys' && issue.path.length === 0
}

/** A whole number has a limit of the language too. */
function isOwnLimit(issue: z.core.$ZodIssue, _at: number, all: z.core.$ZodIssue[]): boolean {
  if (!('origin' in issue) || issue.origin !== 'int') return true
  return !all.some((other) => other !== issue && other.path.join('.') === issue.path.join('.'))
}

/** For schemas without a sentence of their own. */
export function inWords(issue: RawIssue): string {
  const field = issue.path === undefined || issue.path.length === 0 ? 'The body' : issue.path.join('.')
  if (issue.code === 'invalid_type' && issue.input === undefined) return `${field} is required.`
  if (issue.code === 'invalid_type') return `${field} must be ${kinds[issue.expected] ?? issue.expected}.`
  if (issue.code === 'invalid_value') return `${field} must be ${oneOf(issue.values)}.`
  if (issue.code === 'too_big') return `${field} ${limited(issue.origin, 'at most', issue.maximum)}.`
  if (issue.code === 'too_small') return `${field} ${limited(issue.origin, 'at least', issue.minimum)}.`
  return `${field} is not valid.`
}

const kinds: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

const counted: Record<string, string> = { string: 'characters', array: 'items' }

function limited(origin: string, bound: 'at most' | 'at least', limit: number | bigint): string {
  const unit = counted[origin]
  const most = limit.toLocaleString('en-US')
  if (unit === undefined) return `must be ${bound} ${most}`
  return `${bound === 'at most' ? 'may' : 'must'} have ${bound} ${most} ${unit}`
}

function oneOf(values: readonly unknown[]): string {
  const names = values.map(String)
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}
