import type { Input } from '../../../agent/schema/input-type.ts'
import { pointerTo } from '../../../shared/fields/pointers.ts'
import { blankAt, rowInput } from './blank.ts'
import type { Field } from './field.ts'
import { filledAt } from './filled.ts'
import { isAlwaysThere } from './parts.ts'

/** An untouched field: what is required begins with its default, its only option, or a first item. */
export function freshAt(input: Input, pointer: string): Field {
  const { type, isRequired, isNullable, defaultJson } = input
  const blank = blankAt(input, pointer, freshAt)
  if (!isAlwaysThere(input)) return blank
  // Agents write a null where they mean no default.
  if (isRequired && defaultJson !== undefined && defaultJson !== 'null') return filledAt(input, pointer, defaultJson)
  if (type.kind === 'rows' || type.kind === 'map') return withNewRow(blank)
  if (type.kind === 'list') return { ...blank, rows: [blankRow(blank)] }
  if (type.kind === 'choice' && type.options.length === 1 && !isNullable)
    return { ...blank, text: type.options[0]!.json }
  return blank
}

/** As `freshAt` with the default that there is, but set. */
export function setAt(input: Input, pointer: string): Field {
  const hasDefault = input.defaultJson !== undefined && input.defaultJson !== 'null'
  if (hasDefault) return filledAt(input, pointer, input.defaultJson)
  const { defaultJson, ...rest } = input
  return { ...freshAt({ ...rest, isRequired: true, isNullable: false }, pointer), input, mode: 'set' }
}

/** One more item or entry. Its ID is new, so that what is typed into the others stays theirs. */
export function withNewRow(field: Field): Field {
  const { type } = field.input
  if (type.kind !== 'rows' && type.kind !== 'map') return field
  const id = Math.max(-1, ...field.fields.map(({ input }) => Number(input.name))) + 1
  const input = rowInput(field.input, String(id))
  const row = freshAt(input, pointerTo(field.pointer, input.name))
  const added = type.kind === 'map' ? { ...row, key: '' } : row
  return { ...field, mode: 'set', text: '', fields: [...field.fields, added] }
}

export function blankRow({ input: { type } }: Field): string {
  const options = type.kind === 'list' && type.items.kind === 'choice' ? type.items.options : []
  return options.length === 1 ? options[0]!.json : ''
}
