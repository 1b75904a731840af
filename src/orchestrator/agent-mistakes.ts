import type { FieldError } from '../errors.ts'
import { type Field, pointerTo } from './form.ts'
import type { Mistakes } from './form-writing.ts'

/**
 * Brings what an agent said of single inputs, under dotted names, to the fields of a form. `others` are about no field:
 * sentences with the name before them.
 */
export function placeMistakes(fields: Field[], errors: FieldError[]): { mistakes: Mistakes; others: string[] } {
  const mistakes: Mistakes = new Map()
  const others: string[] = []
  for (const { field, message } of errors) {
    const pointer = pointerOf(fields, field)
    if (pointer === undefined) others.push(field === '' ? message : `${field}: ${message}`)
    else if (!mistakes.has(pointer)) mistakes.set(pointer, message)
  }
  return { mistakes, others }
}

/** The field whose name the dotted one begins with. A name may have dots of its own, so the longest is taken. */
function pointerOf(fields: Field[], dotted: string): string | undefined {
  const named = fields.filter(({ input: { name } }) => dotted === name || dotted.startsWith(`${name}.`))
  const [field] = named.sort((a, b) => b.input.name.length - a.input.name.length)
  if (!field) return undefined
  const rest = dotted.slice(field.input.name.length + 1)
  const row = /^\d+/.exec(rest)?.[0]
  if (row !== undefined && Number(row) < field.rows.length) return pointerTo(field.pointer, row)
  return ((field.mode === 'set' || field.mode === 'empty') && pointerOf(field.fields, rest)) || field.pointer
}
