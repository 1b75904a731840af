import type { InputSchema } from '../../agent/schema/input-schema.ts'
import type { Input, InputType, ReadType } from '../../agent/schema/input-type.ts'
import { holdsKept } from '../../shared/fields/kept.ts'
import { pointerTo, variantPointer } from '../../shared/fields/pointers.ts'
import { rowInput } from './fields/blank.ts'
import { optionOf } from './fields/control.ts'
import { type Field, type Mode, modes } from './fields/field.ts'
import { firstVariant, isAlwaysThere, positionsOf, variantInput, variantsOf } from './fields/parts.ts'
import type { Form } from './form.ts'

/** Everything by pointer. `rows` are the IDs of items and entries, `keys` the keys of entries, `variants` indexes,
 * `kept` those of variants that were typed into before. */
export type TypedForm = {
  values: ReadonlyMap<string, readonly string[]>
  modes: ReadonlyMap<string, string>
  rows: ReadonlyMap<string, readonly string[]>
  keys: ReadonlyMap<string, string>
  variants: ReadonlyMap<string, string>
  kept: ReadonlyMap<string, readonly string[]>
  view: string
  json: string
  other: string
  token: string
  schemaMark: string
  isDraft: boolean
}

export function readForm({ inputs }: InputSchema, typed: TypedForm): Form {
  return {
    view: typed.view === 'json' ? 'json' : 'form',
    fields: inputs.map((input) => readField(input, pointerTo('', input.name), typed)),
    other: typed.other,
    json: withPlainLines(typed.json),
  }
}

/** The agent may have changed since the form was shown. */
export function goneInputs({ inputs }: InputSchema, { values }: TypedForm): string[] {
  const names = new Set(inputs.map(({ name }) => name))
  const typed = [...values.keys()].map((pointer) => nameAt(`/${pointer.split('/')[1]}`))
  return [...new Set(typed)].filter((name) => !names.has(name))
}

function nameAt(pointer: string): string {
  try {
    return decodeURIComponent(pointer.slice(1))
  } catch {
    return pointer.slice(1)
  }
}

/** Scripts may send their JSON as the value of one field. */
const isComposite = new Set(['rows', 'map', 'tuple', 'union', 'any'])

function readField(input: Input, pointer: string, typed: TypedForm): Field {
  const values = typed.values.get(pointer)?.map(withPlainLines)
  const { type } = input
  const written = values?.at(-1) ?? ''
  const typedMode = typed.modes.get(pointer) ?? (values && isComposite.has(type.kind) ? 'json' : undefined)
  const isJson = typedMode === 'json'
  const isNull = written === 'null' && input.isNullable
  const text = isJson || isNull ? written : chosenIn(type, written)
  const blank: Field = { input, pointer, mode: 'unset', text: '', rows: [], fields: [] }
  const { isUsed: hasRows, ...read } = readInside(input, pointer, typed)
  const whole = { ...blank, ...read }
  const staysInside = type.kind === 'group' || holdsKept(whole)
  const isUsed = values !== undefined || hasRows || whole.fields.some(isFilled)
  const mode = modeOf(input, typedMode, isUsed, text)
  if (!staysInside && mode === 'unset') return blank
  if (!staysInside && isJson) return { ...blank, mode, text }
  if (mode === 'unset' || type.kind !== 'list') return { ...whole, mode, text: mode === 'unset' ? '' : text }
  return {
    ...whole,
    mode,
    ...(mode === 'json' ? { text } : { rows: (values ?? []).map((row) => chosenIn(type.items, row)) }),
  }
}

/** A label becomes its option. */
function chosenIn(type: InputType, text: string): string {
  return type.kind === 'choice' ? (optionOf(type, text)?.json ?? text) : text
}

function isFilled({ mode, input }: Field): boolean {
  return mode !== 'unset' && !isAlwaysThere(input)
}

type Inside = { fields?: Field[]; variants?: ReadType[]; variant?: number; kept?: Field[]; isUsed?: boolean }

function readInside(input: Input, pointer: string, typed: TypedForm): Inside {
  const { type } = input
  const read = (inputs: Input[]) => inputs.map((one) => readField(one, pointerTo(pointer, one.name), typed))
  switch (type.kind) {
    case 'group':
      return { fields: read(type.inputs) }
    case 'tuple':
      return { fields: read(positionsOf(type)) }
    case 'rows':
    case 'map': {
      const ids = rowsAt(pointer, typed)
      const fields = read(ids.map((id) => rowInput(input, id)))
      if (type.kind === 'rows') return { fields, isUsed: fields.length > 0 }
      const withKeys = fields.map((one) => ({ ...one, key: withPlainLines(typed.keys.get(one.pointer) ?? '') }))
      return { fields: withKeys, isUsed: fields.length > 0 }
    }
    default: {
      const variants = variantsOf(type, pointer)
      if (!variants) return {}
      const typedVariant = Number(typed.variants.get(pointer) ?? Number.NaN)
      const variant = variants[typedVariant] ? typedVariant : firstVariant(type, variants)
      const readVariant = (index: number) =>
        readField(variantInput(input, variants[index]!), variantPointer(pointer, index), typed)
      const others = new Set(typed.kept.get(pointer)?.map(Number)).difference(new Set([variant]))
      const kept = [...others].filter((index) => variants[index]).map(readVariant)
      const isUsed = typed.variants.has(pointer)
      return { fields: [readVariant(variant)], variants, variant, ...(kept.length > 0 && { kept }), isUsed }
    }
  }
}

const maxRows = 200

function rowsAt(pointer: string, { rows }: TypedForm): string[] {
  const ids = (rows.get(pointer) ?? []).filter((id) => /^\d{1,9}$/.test(id))
  return [...new Set(ids)].slice(0, maxRows)
}

const canBeEmpty = new Set(['text', 'list', 'group', 'rows', 'map'])

function modeOf(input: Input, typed: string | undefined, isUsed: boolean, text: string): Mode {
  const { isNullable, type } = input
  const isFixed = isAlwaysThere(input)
  const mode = modes.includes(typed ?? '') ? (typed as Mode) : isUsed || isFixed ? 'set' : 'unset'
  if (mode === 'json') return mode
  if (type.kind === 'boolean' || type.kind === 'choice') {
    if (text === 'null' && isNullable) return 'null'
    return text === '' && !isFixed ? 'unset' : 'set'
  }
  if ((mode === 'unset' && isFixed) || (mode === 'null' && !isNullable)) return 'set'
  return mode === 'empty' && !canBeEmpty.has(type.kind) ? 'set' : mode
}

/** Browsers send line breaks as CR LF. */
function withPlainLines(text: string): string {
  return text.replaceAll('\r\n', '\n')
}
