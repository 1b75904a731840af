import { keyPointer } from '../../shared/fields/pointers.ts'
import { jsonObject } from '../../shared/json.ts'
import { required } from './fields/check.ts'
import type { Field } from './fields/field.ts'
import { isBlank } from './fields/filled.ts'
import { isAlwaysThere } from './fields/parts.ts'

/** By the pointer of the field or row, or at `json` or `other`. */
export type FormErrors = Map<string, string>

type Write = (field: Field, isDraft: boolean, errors: FormErrors) => string | undefined
type Writing = {
  isDraft: boolean
  errors: FormErrors
  /** Notes that the field itself is missing. */
  missing: (message: string) => undefined
  write: Write
}

/** What the fields inside make together. Undefined for a field that has none; `json` is undefined when it is missing. */
export function writeInside(field: Field, writing: Writing): { json: string | undefined } | undefined {
  const { input, mode, fields } = field
  const { isDraft, errors, write } = writing
  switch (input.type.kind) {
    case 'group': {
      const members = writeMembers(fields, writing)
      const isUntouched = isDraft && isAlwaysThere(input) && mode === 'set' && members.length === 0
      return { json: isUntouched ? undefined : jsonObject(members) }
    }
    case 'rows':
      return { json: mode === 'empty' ? '[]' : writeRows(field, writing) }
    case 'map':
      return { json: mode === 'empty' ? '{}' : writeEntries(field, writing) }
    case 'tuple':
      return { json: writePositions(field, writing) }
    case 'union':
    case 'any':
      return { json: fields[0] && write(fields[0], isDraft, errors) }
    default:
      return undefined
  }
}

export function writeMembers(
  fields: Field[],
  { isDraft, errors, write }: Omit<Writing, 'missing'>,
): [string, string][] {
  return fields.flatMap((field): [string, string][] => {
    const json = write(field, isDraft, errors)
    return json === undefined ? [] : [[field.input.name, json]]
  })
}

function writeRows({ input, fields }: Field, { isDraft, errors, missing, write }: Writing) {
  if (fields.every(isBlank)) return input.isRequired || (isDraft && fields.length > 0) ? missing(required) : '[]'
  const items = fields.map((one) => write(one, isDraft, errors)).filter((json) => json !== undefined)
  return isDraft && items.length === 0 ? undefined : `[${items.join(',')}]`
}

/** An entry that nothing was typed into is none. */
function writeEntries({ input, fields }: Field, { isDraft, errors, missing, write }: Writing) {
  const members = new Map<string, string>()
  const entries = fields.filter((one) => one.key !== '' || !isUntouched(one, write))
  for (const one of entries) {
    const { key = '', pointer } = one
    if (key === '' && !isDraft) errors.set(keyPointer(pointer), 'Enter a key.')
    else if (members.has(key) && !isDraft) errors.set(keyPointer(pointer), 'Another entry has this key.')
    const json = write(one, isDraft, errors)
    if (json !== undefined) members.set(key, json)
  }
  if (entries.length === 0 && input.isRequired) return missing(required)
  return isDraft && members.size === 0 && fields.length > 0 ? undefined : jsonObject(members)
}

const untouched = new Set([undefined, '""', '[]', '{}'])

function isUntouched(entry: Field, write: Write): boolean {
  return untouched.has(write(entry, true, new Map()))
}

/** Positions at the end that are not set are left out. */
function writePositions({ fields }: Field, { isDraft, errors, write }: Writing): string | undefined {
  const items = fields.map((one) => write(one, isDraft, errors))
  const gapAt = items.indexOf(undefined)
  // After a gap, what is blank by itself does not count.
  const isGiven = (json: string | undefined, index: number) =>
    json !== undefined && (gapAt < 0 || index < gapAt || !untouched.has(json))
  const length = items.findLastIndex(isGiven) + 1
  const gap = isDraft ? undefined : fields.slice(0, length).find(({ mode }) => mode === 'unset')
  if (gap) errors.set(gap.pointer, 'Set this too: a later item is set.')
  if (isDraft && length === 0) return undefined
  return `[${items
    .slice(0, length)
    .map((json) => json ?? 'null')
    .join(',')}]`
}
