import type { FieldError } from '../../shared/errors.ts'
import { listSentences } from '../../shared/sentences.ts'
import { type Field, pointerTo } from './form.ts'
import type { FormErrors } from './write.ts'

/** Places what an agent reports under dotted names at the fields of a form. `others` concern no field. */
export function placeErrors(fields: Field[], errors: FieldError[]): { errors: FormErrors; others: string[] } {
  const messages = new Map<string, string[]>()
  const others: string[] = []
  for (const { field, message } of errors) {
    const sentence = field === '' ? message : `${field}: ${message}`
    const spot = spotOf(fields, field)
    if (spot === undefined) others.push(sentence)
    else messages.set(spot.pointer, [...(messages.get(spot.pointer) ?? []), spot.inside === '' ? message : sentence])
  }
  return { errors: new Map([...messages].map(([pointer, all]) => [pointer, listSentences(all)])), others }
}

type Spot = { pointer: string; inside: string }

/** How many names an agent may prepend to an input's: `run.request.topic`. */
const maxOuter = 2

export function pointerOf(fields: Field[], dotted: string): string | undefined {
  return spotAt(fields, dotted)?.pointer
}

function spotOf(fields: Field[], dotted: string): Spot | undefined {
  const steps = dotted.split('.')
  for (let outer = 0; outer <= maxOuter && outer < steps.length; outer++) {
    const spot = spotAt(fields, steps.slice(outer).join('.'))
    if (spot) return spot
  }
  return undefined
}

/** A name may contain dots, so the longest match is taken. */
function spotAt(fields: Field[], dotted: string): Spot | undefined {
  const field = named(fields, dotted) ?? named(fields, dotted, (name) => name.toLowerCase())
  if (!field) return undefined
  const inside = dotted.slice(field.input.name.length + 1)
  const row = /^\d+(?=\.|$)/.exec(inside)?.[0]
  if (row !== undefined && Number(row) < field.rows.length) {
    return { pointer: pointerTo(field.pointer, row), inside: inside.slice(row.length + 1) }
  }
  const inner = field.mode === 'set' || field.mode === 'empty' ? spotAt(field.fields, inside) : undefined
  return inner ?? { pointer: field.pointer, inside }
}

function named(fields: Field[], dotted: string, fold = (name: string) => name): Field | undefined {
  const all = `${fold(dotted)}.`
  const begins = ({ input: { name } }: Field) => all.startsWith(`${fold(name)}.`)
  return fields.filter(begins).sort((a, b) => b.input.name.length - a.input.name.length)[0]
}
