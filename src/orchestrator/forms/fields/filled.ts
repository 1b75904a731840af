import type { Input, InputType } from '../../../agent/schema/input-type.ts'
import { pointerTo, variantPointer } from '../../../shared/fields/pointers.ts'
import { prettyJson } from '../../../shared/json/pretty.ts'
import { jsonItems, jsonMembers } from '../../../shared/json.ts'
import { blankAt, rowInput } from './blank.ts'
import { errorsOf } from './check.ts'
import { isUnharmed, showInControl } from './control.ts'
import type { Field } from './field.ts'
import { isAlwaysThere, positionsOf, variantInput, variantsOf } from './parts.ts'

/** More are easier to read and to send as JSON. */
const maxRows = 200
const maxFields = 150

/** The field that writes exactly this JSON; as JSON where its controls cannot. Without JSON it is blank. */
export function filledAt(input: Input, pointer: string, json: string | undefined): Field {
  const blank = blankAt(input, pointer)
  if (json === undefined) return blank
  return shownAs(blank, json) ?? { ...blank, mode: 'json', text: prettyJson(json), fields: [] }
}

/** Undefined when the controls of this field cannot show the JSON. */
export function shownAs(blank: Field, json: string): Field | undefined {
  if (json === 'null' && blank.input.isNullable) return { ...blank, mode: 'null' }
  const field = filled(blank, json)
  return field && field.input.type.kind !== 'group' && countOf(field) > maxFields ? undefined : field
}

function countOf({ fields }: Field): number {
  return fields.reduce((sum, one) => sum + 1 + countOf(one), 0)
}

function filled(blank: Field, json: string): Field | undefined {
  const { type, isRequired } = blank.input
  switch (type.kind) {
    case 'json':
      return { ...blank, mode: 'set', text: prettyJson(json) }
    case 'group':
      return filledGroup(blank, type.inputs, json)
    case 'list': {
      const rows = jsonItems(json)?.map((item) => showInControl(type.items, item))
      if (!rows || rows.length > maxRows || rows.includes(undefined)) return undefined
      if (rows.length > 0 && rows.every((row) => row!.trim() === '')) return undefined
      return { ...blank, mode: rows.length === 0 && isRequired ? 'empty' : 'set', rows: rows as string[] }
    }
    case 'rows': {
      const fields = jsonItems(json)?.map((item, index) => filledRow(blank, String(index), item))
      return fields && !(fields.length > 0 && fields.every(isBlank)) ? withFields(blank, fields) : undefined
    }
    case 'map':
      return filledMap(blank, json)
    case 'tuple':
      return filledTuple(blank, type, json)
    case 'union':
    case 'any':
      return filledUnion(blank, json)
    default: {
      const text = showInControl(type, json)
      if (text === undefined) return undefined
      const isMeant = text === '' && type.kind === 'text' && (isRequired || type.isSecret)
      return { ...blank, mode: isMeant ? 'empty' : 'set', text }
    }
  }
}

/** A text that nothing was typed into, of whatever kind it was to be. */
export function isBlank({ input: { type }, mode, text, fields }: Field): boolean {
  if (mode !== 'set') return false
  return type.kind === 'text' ? text === '' : (type.kind === 'union' || type.kind === 'any') && fields.every(isBlank)
}

function withFields(blank: Field, fields: Field[]): Field | undefined {
  if (fields.length > maxRows) return undefined
  return { ...blank, mode: fields.length === 0 && isAlwaysThere(blank.input) ? 'empty' : 'set', fields }
}

function filledRow({ input, pointer }: Field, id: string, json: string): Field {
  return filledAt(rowInput(input, id), pointerTo(pointer, id), json)
}

function filledGroup(blank: Field, inputs: Input[], json: string): Field | undefined {
  const members = jsonMembers(json)
  const isWhole = [...(members?.keys() ?? [])].every((name) => inputs.some((input) => input.name === name))
  if (!members || !isWhole) return undefined
  const fields = inputs.map((input) => filledAt(input, pointerTo(blank.pointer, input.name), members.get(input.name)))
  const isEmpty = members.size === 0 && isAlwaysThere(blank.input)
  return { ...blank, mode: isEmpty ? 'empty' : 'set', fields }
}

/** A form cannot tell an entry without a key from one that nothing was typed into. */
function filledMap(blank: Field, json: string): Field | undefined {
  const members = jsonMembers(json)
  if (!members || [...members.keys()].some((key) => key === '' || /[\r\n]/.test(key) || !isUnharmed(key)))
    return undefined
  const fields = Array.from(members, ([key, one], index) => ({ ...filledRow(blank, String(index), one), key }))
  return withFields(blank, fields)
}

/** Fewer items are an error where the agent needs all of them; where it does not, the tuple is left as JSON. */
function filledTuple(blank: Field, type: Extract<InputType, { kind: 'tuple' }>, json: string): Field | undefined {
  const items = jsonItems(json)
  const positions = positionsOf(type)
  if (!items || items.length > positions.length) return undefined
  if (items.length < positions.length && type.minItems === 0) return undefined
  const fields = positions.map((input, index) => filledAt(input, pointerTo(blank.pointer, input.name), items[index]))
  return items.length === 0 ? undefined : { ...blank, mode: 'set', fields }
}

/** The first variant that shows the value and takes it; else the first that shows it. */
function filledUnion(blank: Field, json: string): Field | undefined {
  const { input, pointer } = blank
  const variants = variantsOf(input.type, pointer)!
  const shown = variants.flatMap((variant, index) => {
    const inner = variantInput(input, variant)
    const field = shownAs(blankAt({ ...inner, isPart: true }, variantPointer(pointer, index)), json)
    const isTaken = errorsOf(inner, json, []).length === 0
    return field ? [{ index, field: { ...field, input: inner }, isTaken }] : []
  })
  const taken = shown.find(({ isTaken }) => isTaken)
  // As JSON, the agent takes what no control shows.
  const isTakenAsJson = errorsOf(input, json, []).length === 0
  const best = taken ?? (isTakenAsJson ? undefined : shown[0])
  return best && { ...blank, mode: 'set', variants, variant: best.index, fields: [best.field] }
}
