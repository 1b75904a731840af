import type { InputSchema } from '../../agent/schema/input-schema.ts'
import type { Input } from '../../agent/schema/input-type.ts'
import { prettyJson } from '../../shared/json/pretty.ts'
import { jsonItems, jsonMembers, jsonObject } from '../../shared/json.ts'
import { showInControl } from './control.ts'

/** `empty` is an empty text, list or group; `json` shows a value that the control cannot. */
export type Mode = 'unset' | 'set' | 'null' | 'empty' | 'json'
export const modes: readonly string[] = ['unset', 'set', 'null', 'empty', 'json'] satisfies Mode[]

export type Field = {
  input: Input
  /** Percent-encoded names from the top: `/address/city`. */
  pointer: string
  mode: Mode
  /** What its control holds, or its JSON. */
  text: string
  rows: string[]
  fields: Field[]
}

/** `view` says which of `fields` and `json` counts. */
export type Form = {
  view: 'form' | 'json'
  fields: Field[]
  /** A JSON object of inputs that the schema does not name; may be empty. */
  other: string
  json: string
}

/** More are easier to read and to send as JSON. */
const mostRows = 200
const mostFields = 300

/** The form that writes exactly these inputs, a JSON object. */
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

export function freshForm(schema: InputSchema): Form {
  const fields = schema.inputs.map((input) => freshField(input, ''))
  return { ...formOf(schema, '{}'), fields }
}

export function isJsonOnly(schema: InputSchema): boolean {
  return schema.isUnnamed === true || isTooLarge(schema)
}

function isTooLarge({ inputs }: InputSchema): boolean {
  return countOf(inputs) > mostFields
}

function countOf(inputs: Input[]): number {
  return inputs.reduce((sum, { type }) => sum + 1 + (type.kind === 'group' ? countOf(type.inputs) : 0), 0)
}

export function pointerTo(parent: string, name: string): string {
  return `${parent}/${encodeURIComponent(name)}`
}

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

/** An untouched field. A required choice with one option is already chosen. */
export function freshField(input: Input, parent: string): Field {
  const { type, isRequired, isNullable } = input
  const blank = blankField(input, parent)
  if (type.kind === 'group') return { ...blank, fields: type.inputs.map((inner) => freshField(inner, blank.pointer)) }
  const isChosen = isRequired && !isNullable && type.kind === 'choice' && type.options.length === 1
  return isChosen ? { ...blank, text: type.options[0]!.json } : blank
}

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
