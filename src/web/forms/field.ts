import type { Field } from '../../orchestrator/forms/fields/field.ts'
import { holdsKept } from '../../shared/fields/kept.ts'
import { dottedName } from '../../shared/fields/pointers.ts'
import { attributesOf, type Naming } from './field-attributes.ts'
import { addButton, buttonsOf, exampleButtons, offerOf } from './field-buttons.ts'
import {
  type Control,
  controlOf,
  optionsOf,
  placeholderOf,
  searchText,
  sentenceOf,
  suggestionsOf,
} from './field-controls.ts'
import { errorAt } from './field-errors.ts'
import { hintsOf, shortJson } from './field-hints.ts'
import { entriesOf, hiddenAt, hiddenOf, keptOf, kindsOf } from './field-parts.ts'
import { presentRow } from './field-row.ts'
import type { FieldContext, FieldView } from './field-view.ts'
import { outlineOf, skeletonOf } from './skeleton.ts'
import { prefixes } from './typed-form.ts'

export function presentField(field: Field, id: string, context: FieldContext, naming?: Naming): FieldView {
  const { input, pointer, mode } = field
  const { errors, focus } = context
  const control = controlOf(field)
  const error = errorAt(field, errors)
  const name = naming?.name ?? input.name
  const isShown = control !== 'box' && control !== 'json'
  const isFocused = focus === pointer
  const buttons = buttonsOf(field, name)
  const options = optionsOf(field)
  const words = wordsOf(field, name)
  return {
    ...{ id, pointer, label: input.name, name, control, isFocused, error, options },
    ...words,
    valueName: prefixes.value + pointer,
    modeName: prefixes.mode + pointer,
    mode: hasModeOfItsOwn(control) || (mode !== 'set' && mode !== 'unset') || holdsKept(field) ? mode : '',
    isRequired: input.isRequired,
    isUsed: mode !== 'unset',
    ...presentValue(field, control),
    ...attributesOf(field, { id, control, error, isFocused, naming, hasHint: words.hasHint }),
    sentence: sentenceOf(field),
    buttons: buttons.map((one, index) => ({
      ...one,
      isFocused: control === 'box' && isFocused && index === buttons.length - 1,
    })),
    offer: error === '' ? undefined : offerOf(field, name),
    focusedOption: isFocused
      ? Math.max(
          0,
          options.findIndex(({ isChosen }) => isChosen),
        )
      : -1,
    rows: field.rows.map((row, index) => presentRow(field, row, { index, id, name, errors, focus })),
    add: addButton(field, name),
    entries: isShown ? entriesOf(field, { id, name, context, present: presentField }) : [],
    kinds: isShown ? kindsOf(field, name) : undefined,
    fields: isShown ? insideOf(field, id, context, name) : [],
    ...(isShown
      ? { marks: [], kept: keptOf(field, { id, name, present: presentField }) }
      : hiddenOf(field, { id, name, present: presentField })),
    outline: control === 'json' ? outlineOf(input.type) : '',
  }
}

function hasModeOfItsOwn(control: Control): boolean {
  return ['list', 'group', 'rows', 'map', 'tuple', 'union'].includes(control)
}

function wordsOf(field: Field, name: string) {
  const { typeLabel, isPart, description, defaultJson } = field.input
  // Of a part, it is the name of a class.
  const title = isPart ? '' : field.input.title
  const hints = hintsOf(field)
  const examples = exampleButtons(field, name)
  return {
    ...{ typeLabel, title, description, hints, examples },
    hasHint: title !== '' || description !== '' || hints.length > 0 || examples.length > 0,
    default: defaultJson === undefined ? '' : shortJson(defaultJson),
  }
}

const maxJsonRows = 12

function presentValue(field: Field, control: Control) {
  const { text } = field
  const { type, isNullable } = field.input
  const isText = type.kind === 'text'
  const skeleton = control === 'json' ? skeletonOf(type) : ''
  return {
    isLong: isText && type.isLong,
    isFile: isText && type.hint === 'file',
    text: control === 'secret' ? '' : control === 'search' ? searched(field) : text,
    jsonRows: Math.min(
      maxJsonRows,
      Math.max(2, text.split('\n').length, text === '' ? skeleton.split('\n').length : 0),
    ),
    placeholder: control === 'json' ? skeleton : placeholderOf(field),
    suggestions: control === 'search' ? suggestionsOf(type, isNullable) : [],
  }
}

function searched({ input: { type }, mode, text }: Field): string {
  if (type.kind !== 'choice') return text
  return mode === 'null' ? 'null' : searchText(type, text)
}

function insideOf({ input, fields, variant }: Field, id: string, context: FieldContext, name: string): FieldView[] {
  switch (input.type.kind) {
    case 'group':
      return fields.map((one, index) => presentField(one, `${id}-${index}`, context))
    case 'tuple':
      return fields.map((one, index) => {
        const view = presentField(one, `${id}-${index}`, context, {
          name: `${name}, item ${index + 1}`,
          isBare: false,
        })
        return { ...view, label: one.input.title || `Item ${index + 1}` }
      })
    case 'union':
    case 'any':
      return fields.map((one) => presentField(one, `${id}-kind-${variant}`, context, { name, isBare: true }))
    default:
      return []
  }
}

export function presentSecrets(fields: Field[], context: FieldContext, position: number[] = []): FieldView[] {
  return fields.flatMap((field, index): FieldView[] => {
    const { type } = field.input
    const here = [...position, index]
    if (type.kind === 'group') return presentSecrets(field.fields, context, here)
    if (type.kind !== 'text' || !type.isSecret) return []
    const view = presentField({ ...field, mode: 'set' }, `input-${here.join('-')}`, context)
    return [{ ...view, label: dottedName(field.pointer), buttons: [], offer: undefined }]
  })
}

/** Beside the JSON of a whole form. */
export function presentHidden(fields: Field[]): Pick<FieldView, 'marks' | 'kept'> {
  const all = fields.map((field, index) =>
    hiddenAt(field, { id: `input-${index}`, name: field.input.name, present: presentField }),
  )
  return { marks: all.flatMap(({ marks }) => marks), kept: all.flatMap(({ kept }) => kept) }
}
