import type { Field } from '../../orchestrator/forms/form.ts'
import { addButton, buttonsOf, offerOf } from './field-buttons.ts'
import { controlOf, optionsOf, placeholderOf, presentRow, sentenceOf } from './field-controls.ts'
import { dottedName, errorAt, type FormErrors } from './field-errors.ts'
import { hintsOf, shortJson } from './field-hints.ts'
import { modePrefix, valuePrefix } from './typed-form.ts'

export type FieldContext = { errors: FormErrors; focus: string }
export type FieldView = ReturnType<typeof presentOwn> & { fields: FieldView[] }

/** `position` is the path of indexes from the top. */
export function presentField(field: Field, position: number[], context: FieldContext): FieldView {
  const own = presentOwn(field, `input-${position.join('-')}`, context)
  const inner = own.control === 'group' ? field.fields : []
  return { ...own, fields: inner.map((one, index) => presentField(one, [...position, index], context)) }
}

function presentOwn(field: Field, id: string, context: FieldContext) {
  const { input, pointer, mode, text, rows } = field
  const { errors, focus } = context
  const control = controlOf(field)
  const error = errorAt(field, errors)
  return {
    id,
    pointer,
    label: input.name,
    valueName: valuePrefix + pointer,
    modeName: modePrefix + pointer,
    mode: control === 'list' || control === 'group' || (mode !== 'set' && mode !== 'unset') ? mode : '',
    control,
    typeLabel: input.typeLabel,
    isRequired: input.isRequired,
    holdsSecret: input.holdsSecret === true,
    isUsed: mode !== 'unset',
    isFocused: focus === pointer,
    isLong: input.type.kind === 'text' && input.type.isLong,
    text: control === 'secret' ? '' : text,
    placeholder: placeholderOf(field),
    inputMode: input.type.kind === 'integer' ? 'numeric' : 'decimal',
    sentence: sentenceOf(field),
    default: input.defaultJson === undefined ? '' : shortJson(input.defaultJson),
    description: input.description,
    hints: hintsOf(field),
    buttons: buttonsOf(field),
    error,
    offer: error === '' ? undefined : offerOf(field),
    options: optionsOf(field),
    rows: rows.map((row, index) => presentRow(field, row, { index, id, errors, focus })),
    add: addButton(field),
  }
}

export function presentSecrets(fields: Field[], context: FieldContext, position: number[] = []): FieldView[] {
  return fields.flatMap((field, index): FieldView[] => {
    const { type } = field.input
    const here = [...position, index]
    if (type.kind === 'group') return presentSecrets(field.fields, context, here)
    if (type.kind !== 'text' || !type.isSecret) return []
    const view = presentField({ ...field, mode: 'set' }, here, context)
    return [{ ...view, label: dottedName(field.pointer), buttons: [], offer: undefined }]
  })
}
