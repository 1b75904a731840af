import type { Field } from '../../orchestrator/forms/fields/field.ts'
import { holdsKept } from '../../shared/fields/kept.ts'
import { keyPointer, variantPointer } from '../../shared/fields/pointers.ts'
import type { Naming } from './field-attributes.ts'
import { removeButton } from './field-buttons.ts'
import type { EntryView, FieldContext, FieldView, KindView } from './field-view.ts'
import { prefixes } from './typed-form.ts'

const small = new Set(['text', 'number', 'line', 'date', 'secret', 'choice', 'search', 'fixed', 'box'])

type Present = (field: Field, id: string, context: FieldContext, naming: Naming) => FieldView

export function entriesOf(
  field: Field,
  { id, name, context, present }: { id: string; name: string; context: FieldContext; present: Present },
): EntryView[] {
  const { kind } = field.input.type
  if (kind !== 'rows' && kind !== 'map') return []
  return field.fields.map((one, index) => {
    const word = kind === 'rows' ? 'item' : 'entry'
    const label = `${name}, ${word} ${index + 1}`
    const entryId = `${id}-${one.input.name}`
    const view = present(one, entryId, context, {
      name: kind === 'rows' ? label : `${name}, value ${index + 1}`,
      isBare: true,
    })
    return {
      id: entryId,
      rowName: prefixes.row + field.pointer,
      row: one.input.name,
      label: kind === 'rows' ? `Item ${index + 1}` : `Entry ${index + 1}`,
      field: view,
      isSmall: small.has(view.control) && !view.isLong,
      remove: removeButton(one.pointer, `Remove ${word} ${index + 1} of ${name}`),
      key: kind === 'map' ? keyOf(one, entryId, context, `${name}, key ${index + 1}`) : undefined,
    }
  })
}

function keyOf({ pointer, key = '' }: Field, id: string, { errors, focus }: FieldContext, label: string) {
  const at = keyPointer(pointer)
  const error = errors.get(at) ?? ''
  return { id: `${id}-key`, name: prefixes.key + pointer, text: key, label, error, isFocused: focus === at }
}

export function keptOf(
  { pointer, variants = [], kept = [] }: Field,
  { id, name, present }: { id: string; name: string; present: Present },
): FieldView['kept'] {
  const context = { errors: new Map(), focus: '' }
  const pointers = variants.map((_, index) => variantPointer(pointer, index))
  return kept.map((one) => {
    const index = pointers.indexOf(one.pointer)
    const field = present(one, `${id}-kind-${index}`, context, { name, isBare: true })
    return { name: prefixes.kept + pointer, index, field }
  })
}

type Hidden = Pick<FieldView, 'marks' | 'kept'>

/** Of a field whose controls are not shown: the kinds that were typed into, and the way to them. */
export function hiddenOf(field: Field, { id, name, present }: { id: string; name: string; present: Present }): Hidden {
  if (!holdsKept(field)) return { marks: [], kept: [] }
  const { pointer, variant, fields } = field
  const { kind } = field.input.type
  const hasRows = kind === 'rows' || kind === 'map'
  const isUnion = kind === 'union' || kind === 'any'
  const marks = [
    ...(isUnion ? [{ name: prefixes.variant + pointer, value: String(variant ?? 0) }] : []),
    ...(hasRows ? fields.map(({ input }) => ({ name: prefixes.row + pointer, value: input.name })) : []),
    ...(kind === 'map' ? fields.map(({ pointer: at, key = '' }) => ({ name: prefixes.key + at, value: key })) : []),
  ]
  const inside = fields.map((one, index) => {
    const place = hasRows ? one.input.name : isUnion ? `kind-${variant}` : String(index)
    return hiddenAt(one, { id: `${id}-${place}`, name, present })
  })
  return {
    marks: [...marks, ...inside.flatMap((one) => one.marks)],
    kept: [...keptOf(field, { id, name, present }), ...inside.flatMap(({ kept }) => kept)],
  }
}

export function hiddenAt(field: Field, context: { id: string; name: string; present: Present }): Hidden {
  const { marks, kept } = hiddenOf(field, context)
  const mode = { name: prefixes.mode + field.pointer, value: field.mode }
  return { marks: kept.length > 0 ? [mode, ...marks] : [], kept }
}

export function kindsOf({ pointer, variant = 0, variants }: Field, name: string): KindView | undefined {
  if (!variants) return undefined
  const words = variants.map(({ type, title, label }) => {
    const tag = type.kind === 'group' ? type.inputs.find((one) => one.type.kind === 'choice')?.type : undefined
    const only = tag?.kind === 'choice' && tag.options.length === 1 ? tag.options[0]!.label : undefined
    return title || only || kindWords[type.kind] || label
  })
  const isTwice = (word: string) => words.filter((one) => one === word).length > 1
  return {
    name: prefixes.variant + pointer,
    chosen: variant,
    label: `Kind of ${name}`,
    buttons: variants.map(({ label }, index) => {
      const word = isTwice(words[index]!) ? label : words[index]!
      const op = `as:${variantPointer(pointer, index)}`
      return { op, word, label: `${word}: ${name}`, isChosen: index === variant }
    }),
  }
}

const kindWords: Record<string, string> = {
  text: 'Text',
  integer: 'Whole number',
  number: 'Number',
  boolean: 'True or false',
  choice: 'Choice',
  list: 'List',
  rows: 'List',
  tuple: 'List',
  map: 'Object',
  json: 'JSON',
}
