import { type InputType, isSimple } from '../../agent/schema/input-type.ts'
import { jsonError, jsonItems, looseValue } from '../../shared/json.ts'
import { withVariant } from './fields/blank.ts'
import { writeControl } from './fields/control.ts'
import type { Field } from './fields/field.ts'
import { filledAt, shownAs } from './fields/filled.ts'
import { freshAt } from './fields/fresh.ts'
import { holdsPassword } from './passwords.ts'
import { writeDraft } from './write.ts'

/** Another kind of a union. What was typed into a kind is kept; where nothing was, what fits it is carried over. */
export function asVariant(field: Field, index: number): Field {
  const changed = withVariant(field, index, freshAt)
  const [before] = field.fields
  const [fresh] = changed.fields
  if (!before || !fresh || field.variant === index) return field.variant === index ? field : changed
  const { kept = [], ...rest } = changed
  const isCarried = kept.some((one) => isSame(carriedInto(freshAt(before.input, before.pointer), one), before))
  const others = [...kept.filter(({ pointer }) => pointer !== fresh.pointer), ...(isCarried ? [] : [before])]
  const after = kept.find(({ pointer }) => pointer === fresh.pointer) ?? carriedInto(fresh, before)
  const typed = others.filter(isTyped)
  return { ...rest, fields: [after], ...(typed.length > 0 && { kept: typed }) }
}

function isTyped(field: Field): boolean {
  return !isSame(field, freshAt(field.input, field.pointer))
}

function isSame(one: Field, other: Field): boolean {
  return JSON.stringify(one, typedOnly) === JSON.stringify(other, typedOnly)
}

function typedOnly(name: string, value: unknown): unknown {
  return name === 'input' || name === 'variants' ? undefined : value
}

function carriedInto(fresh: Field, before: Field): Field {
  if (fresh.input.type.kind === 'group' && before.input.type.kind === 'group') {
    return { ...fresh, fields: fresh.fields.map((one) => carriedMember(before.fields, one)) }
  }
  if (!isTyped(before) || holdsPassword(before)) return fresh
  const candidates = meaningsOf(typedIn(before)).flatMap((one) => writtenAs(fresh.input.type, one))
  const shown = candidates.flatMap((one) => shownAs(fresh, one) ?? [])
  return { ...(shown.find(isTyped) ?? fresh), input: fresh.input }
}

/** Two kinds of objects may have members of the same name; the one that tells them apart stays its own. */
function carriedMember(before: Field[], field: Field): Field {
  const { input, pointer, text } = field
  const same = text === '' ? before.find((one) => one.input.name === input.name) : undefined
  const written = same && writeDraft(same)
  return (written && shownAs(filledAt(input, pointer, undefined), written)) || field
}

function typedIn(field: Field): string {
  const { input, mode, text, rows } = field
  const isText = ({ kind }: InputType) => kind === 'text' || kind === 'integer' || kind === 'number'
  if (mode === 'set' && isText(input.type)) return JSON.stringify(text)
  if (mode === 'set' && input.type.kind === 'list' && isText(input.type.items)) return JSON.stringify(rows)
  return writeDraft(field) ?? 'null'
}

function meaningsOf(json: string): string[] {
  const items = jsonItems(json)
  return [json, ...(items?.length === 1 ? items : [])].filter((one) => one !== '""' && one !== 'null')
}

/** As it is, as what its text says, and as the first item of a list. */
function writtenAs(type: InputType, json: string): string[] {
  const item = type.kind === 'list' ? type.items : type.kind === 'rows' ? type.item.type : undefined
  const items = item ? writtenAs(item, json).map((one) => `[${one}]`) : []
  return [json, ...saidIn(type, json), ...items]
}

function saidIn(type: InputType, json: string): string[] {
  const value = looseValue(json)
  const text = typeof value === 'string' ? value : json
  if (!isSimple(type)) return jsonError(text) === undefined ? [text] : []
  const written = typeof value === 'object' ? { error: '' } : writeControl(type, text)
  return 'value' in written ? [written.value] : []
}
