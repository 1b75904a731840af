import type { InputSchema } from '../../../agent/schema/input-schema.ts'
import type { Input, InputType } from '../../../agent/schema/input-type.ts'
import { payloadValue } from '../../../shared/json/payload.ts'
import { looseValue } from '../../../shared/json.ts'
import { type Side, writeFieldName } from './terms.ts'

type FieldKind = 'text' | 'number' | 'boolean' | 'any'
/** `values`: all that it can have, where known. */
export type FieldSuggestion = { name: string; kind: FieldKind; values: string[] }

type Found = Map<string, FieldSuggestion>

const longestPayload = 64 * 1024
const maxNames = 100
/** An object with more may be made of data: names of persons, days. */
const maxMembers = 50
const deepest = 4

/** The fields that a search can name: of schemas, without passwords, and of recent payloads. */
export function fieldSuggestions(schemas: InputSchema[], recent: Record<Side, string[]>): FieldSuggestion[] {
  const inputs: Found = new Map()
  for (const schema of schemas) {
    // Generated agents list their outputs among the inputs, too.
    for (const input of schema.inputs) if (!schema.outputs.includes(input.name)) addInput(inputs, input, [])
  }
  for (const [name, field] of fieldsIn('in', recent.in)) {
    if (!inputs.has(name) && inputs.size < maxNames) inputs.set(name, field)
  }
  const outputs = fieldsIn('out', recent.out)
  for (const name of schemas.flatMap((schema) => schema.outputs)) {
    if (!isKnown(outputs, writeFieldName('out', [name]))) add(outputs, 'out', [name], 'any')
  }
  return [...inputs.values(), ...outputs.values()]
}

const isKnown = (found: Found, name: string) =>
  [...found.keys()].some((known) => known === name || known.startsWith(`${name}.`))

function fieldsIn(side: Side, payloads: string[]): Found {
  const found: Found = new Map()
  for (const payload of payloads) {
    if (payload.length <= longestPayload) addValue(found, side, payloadValue(payload), [])
  }
  return found
}

function addInput(found: Found, { name, type }: Input, parent: string[]): void {
  const path = [...parent, name]
  const one = type.kind === 'list' ? type.items : type.kind === 'rows' ? type.item.type : type
  if (one.kind === 'group') {
    for (const input of one.inputs) addInput(found, input, path)
    return
  }
  if (one.kind === 'text' && one.isSecret) return
  const options = one.kind === 'choice' ? one.options.map(({ json }) => looseValue(json)) : []
  const kinds = new Set(options.map(kindOf))
  const kind = kinds.size === 1 ? [...kinds][0]! : (kindOfInput[one.kind] ?? 'any')
  add(found, 'in', path, kind, options.map(String))
}

const kindOfInput: Partial<Record<InputType['kind'], FieldKind>> = {
  text: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
}

function addValue(found: Found, side: Side, value: unknown, path: string[]): void {
  if (Array.isArray(value)) {
    // Lists in lists have no names, and can be nested without end.
    for (const item of value.slice(0, maxMembers)) if (!Array.isArray(item)) addValue(found, side, item, path)
  } else if (typeof value === 'object' && value !== null && path.length < deepest) {
    for (const [name, member] of Object.entries(value).slice(0, maxMembers))
      addValue(found, side, member, [...path, name])
  } else if (path.length > 0 && value !== null) add(found, side, path, kindOf(value))
}

function kindOf(value: unknown): FieldKind {
  if (typeof value === 'string') return 'text'
  return typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'any'
}

function add(found: Found, side: Side, path: string[], kind: FieldKind, options: string[] = []): void {
  const name = writeFieldName(side, path)
  const known = found.get(name)
  if (!known && found.size === maxNames) return
  const both = known === undefined || known.kind === kind ? kind : 'any'
  found.set(name, { name, kind: both, values: both === 'boolean' ? ['true', 'false'] : options })
}
