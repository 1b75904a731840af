import type { InputSchema } from '../../agent/schema/input-schema.ts'
import type { Input } from '../../agent/schema/input-type.ts'
import { pointerTo } from '../../shared/fields/pointers.ts'
import { prettyJson } from '../../shared/json/pretty.ts'
import { jsonMembers, jsonObject } from '../../shared/json.ts'
import type { Field } from './fields/field.ts'
import { filledAt } from './fields/filled.ts'
import { freshAt } from './fields/fresh.ts'

/** `view` says which of `fields` and `json` counts. */
export type Form = {
  view: 'form' | 'json'
  fields: Field[]
  /** A JSON object of inputs that the schema does not name; may be empty. */
  other: string
  json: string
}

/** More are easier to read and to send as JSON. */
const maxFields = 300

/** The form that writes exactly these inputs, a JSON object. */
export function formOf(schema: InputSchema, json: string): Form {
  const { inputs } = schema
  const members = jsonMembers(json)!
  const known = new Set(inputs.map(({ name }) => name))
  const others = [...members].filter(([name]) => !known.has(name))
  return {
    view: isJsonOnly(schema) ? 'json' : 'form',
    fields: inputs.map((input) => filledAt(input, pointerTo('', input.name), members.get(input.name))),
    other: others.length === 0 ? '' : prettyJson(jsonObject(others)),
    json: prettyJson(json, { open: true }),
  }
}

export function freshForm(schema: InputSchema): Form {
  const fields = schema.inputs.map((input) => freshAt(input, pointerTo('', input.name)))
  return { ...formOf(schema, '{}'), fields }
}

export function isJsonOnly(schema: InputSchema): boolean {
  return schema.isUnnamed === true || countOf(schema.inputs) > maxFields
}

function countOf(inputs: Input[]): number {
  return inputs.reduce((sum, { type }) => {
    if (type.kind === 'group') return sum + 1 + countOf(type.inputs)
    return sum + (type.kind === 'tuple' ? 1 + type.items.length : 1)
  }, 0)
}
