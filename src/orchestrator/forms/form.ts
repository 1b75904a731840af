import type { InputSchema } from '../../agent/schema/input-schema.ts'
import type { Input } from '../../agent/schema/input-type.ts'
import { prettyJson } from '../../shared/json/pretty.ts'
import { jsonItems, jsonMembers, jsonObject } from '../../shared/json.ts'
import { showInControl } from './control.ts'

/**
 * How an input stands in the form: not sent, with what its control holds, as null, as a text, list or group that is
 * meant to be empty, or as JSON, where its control cannot show the value.
 */
export type Mode = 'unset' | 'set' | 'null' | 'empty' | 'json'
export const modes: readonly string[] = ['unset', 'set', 'null', 'empty', 'json'] satisfies Mode[]

/** An input in a form. What another kind or mode than its own would need is empty. */
export type Field = {
  input: Input
  /** The names from the top, each percent-encoded: `/address/city`. */
  pointer: string
  mode: Mode
  /** What stands in its control, or its JSON. */
  text: string
  /** Of a list: what stands in each row. */
  rows: string[]
  /** Of a group. */
  fields: Field[]
}

/** All that stands in a form. Which of `fields` and `json` counts is said by `view`. */
export type Form = {
  view: 'form' | 'json'
  fields: Field[]
  /** A JSON object of inputs that the schema does not name; empty when there are none. */
  other: string
  json: string
}

/** More rows than this are easier to read, and to send, as JSON. */
const mostRows = 200
const mostFields = 300

/** The form that stands for these inputs, and that says exactly the same when it is sent. `inputs` is a JSON object. */
export function formOf(schema: InputSchema, json: string): Form {
  const { inputs } = schema
  const members = jsonMembers(json)!
  const known = new Set(inputs.map(({ name }) => name))
  const others = [...members].filter(([name]) => !known.has(name))
  return {
    view: isJsonOnly(schema) ? 'json' : 'form',
    fields: inputs.map((input) => fieldOf(input, '', members.get(input.name))),
    other: others.length === 0 ? '' : prettyJson(jsonObject(others)),
    json: prettyJson(json, { open: true }),
  }
}

/** The form before anything is filled in. */
export function freshForm(schema: InputSchema): Form {
  const fields = schema.inputs.map((input) => freshField(input, ''))
  return { ...formOf(schema, '{}'), fields }
}

/** Whether the inputs can only be given as JSON. */
export function isJsonOnly(schema: InputSchema): boolean {
  return schema.isUnnamed === true || isTooLarge(schema)
}

/** Whether there are more inputs than anybody would fill in one by one. */
function isTooLarge({ inputs }: InputSchema): boolean {
  return countOf(inputs) > mostFields
}

function countOf(inputs: Input[]): number {
  return inputs.reduce((sum, { type }) => sum + 1 + (type.kind === 'group' ? countOf(type.inputs) : 0), 0)
}

export function pointerTo(parent: string, name: string): string {
  return `${parent}/${encodeURIComponent(name)}`
}

/** The field of an input with this value, or without one. `parent` is the pointer of what it stands in. */
export function fieldOf(input: Input, parent: string, json: string | undefined): Field {
  const blank = blankField(input, parent)
  if (json === undefined) return blank
  if (json === 'null' && input.isNullable) return { ...blank, mode: 'null' }
  return filled(blank, json) ?? { ...blank, mode: 'json', text: prettyJson(json) }
}

function blankField(input: Input, parent: string): Field {
  const pointer = pointerTo(parent, input.name)
  const mode = input.isRequired ? 'set' : 'unset'
  const inner = input.type.kind === 'group' ? input.type.inputs : []
  return { input, pointer, mode, text: '', rows: [], fields: inner.map((one) => fieldOf(one, pointer, undefined)) }
}

/** The field of an input that nobody has touched yet. What has to be sent and can only be one value needs no choosing. */
export function freshField(input: Input, parent: string): Field {
  const { type, isRequired, isNullable } = input
  const blank = blankField(input, parent)
  if (type.kind === 'group') return { ...blank, fields: type.inputs.map((inner) => freshField(inner, blank.pointer)) }
  const isChosen = isRequired && !isNullable && type.kind === 'choice' && type.options.length === 1
  return isChosen ? { ...blank, text: type.options[0]!.json } : blank
}

/** The field with this value in its control; undefined when the control cannot show it. */
function filled(blank: Field, json: string): Field | undefined {
  const { type, isRequired } = blank.input
  switch (type.kind) {
    case 'json':
      return { ...blank, mode: 'set', text: prettyJson(json) }
    case 'group': {
      const members = jsonMembers(json)
      const isWhole = [...(members?.keys() ?? [])].every((name) => type.inputs.some((input) => input.name === name))
      if (!members || !isWhole) return undefined
      const fields = type.inputs.map((input) => fieldOf(input, blank.pointer, members.get(input.name)))
      return { ...blank, mode: members.size === 0 && isRequired ? 'empty' : 'set', fields }
    }
    case 'list': {
      const rows = jsonItems(json)?.map((item) => showInControl(type.items, item))
      if (!rows || rows.length > mostRows || rows.includes(undefined)) return undefined
      // Rows that are all blank are no items.
      if (rows.length > 0 && rows.every((row) => row!.trim() === '')) return undefined
      return { ...blank, mode: rows.length === 0 && isRequired ? 'empty' : 'set', rows: rows as string[] }
    }
    default: {
      const text = showInControl(type, json)
      if (text === undefined) return undefined
      const isMeant = text === '' && type.kind === 'text' && (isRequired || type.isSecret)
      return { ...blank, mode: isMeant ? 'empty' : 'set', text }
    }
  }
}
