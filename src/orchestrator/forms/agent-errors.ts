import type { FieldError } from '../../shared/errors.ts'
import { pointerTo } from '../../shared/fields/pointers.ts'
import { listSentences } from '../../shared/text/sentences.ts'
import type { Field } from './fields/field.ts'
import type { FormErrors } from './write-inside.ts'

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
  return field && spotIn(field, dotted.slice(field.input.name.length + 1))
}

function spotIn(field: Field, inside: string): Spot {
  const here = { pointer: field.pointer, inside }
  if (field.mode !== 'set' && field.mode !== 'empty') return here
  const [first = ''] = inside.split('.', 1)
  const rest = inside.slice(first.length + 1)
  switch (field.input.type.kind) {
    case 'list':
      return isIndex(first, field.rows) ? { pointer: pointerTo(field.pointer, first), inside: rest } : here
    case 'rows':
    case 'tuple':
      return isIndex(first, field.fields) ? spotIn(field.fields[Number(first)]!, rest) : here
    case 'map': {
      const isEntry = ({ key }: Field) => `${inside}.`.startsWith(`${key}.`)
      const entry = field.fields.filter(isEntry).sort((a, b) => b.key!.length - a.key!.length)[0]
      return entry ? spotIn(entry, inside.slice(entry.key!.length + 1)) : here
    }
    case 'union':
    case 'any':
      return inVariant(field.fields[0], inside, rest) ?? here
    default:
      return spotAt(field.fields, inside) ?? here
  }
}

/** Pydantic names the variant first: `stop.list[str].0`. */
function inVariant(variant: Field | undefined, inside: string, withoutTag: string): Spot | undefined {
  const isDeeper = (spot: Spot) => spot.pointer !== variant?.pointer
  const spots = variant ? [spotIn(variant, inside), spotIn(variant, withoutTag)] : []
  return spots.find(isDeeper)
}

function isIndex(step: string, rows: unknown[]): boolean {
  return /^\d+$/.test(step) && Number(step) < rows.length
}

function named(fields: Field[], dotted: string, fold = (name: string) => name): Field | undefined {
  const all = `${fold(dotted)}.`
  const begins = ({ input: { name } }: Field) => all.startsWith(`${fold(name)}.`)
  return fields.filter(begins).sort((a, b) => b.input.name.length - a.input.name.length)[0]
}
