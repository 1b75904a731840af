import type { Field } from '../../orchestrator/forms/fields/field.ts'
import type { Attributes } from '../markup/attributes.ts'
import {
  choiceControl,
  type OptionView,
  presentOption,
  searchText,
  suggestionsOf,
  trueOrFalse,
} from './field-controls.ts'
import type { FormErrors } from './field-errors.ts'

export type RowView = {
  id: string
  attributes: Attributes
  control: 'text' | 'choice' | 'search' | 'secret' | 'number'
  text: string
  options: OptionView[]
  suggestions: string[]
  error: string
  remove: { op: string; label: string }
}

type RowContext = { index: number; id: string; name: string; errors: FormErrors; focus: string }

export function presentRow({ input, pointer }: Field, text: string, context: RowContext): RowView {
  const { index, id, name, errors, focus } = context
  const at = `${pointer}/${index}`
  const error = errors.get(at) ?? ''
  return {
    id: `${id}-row-${index}`,
    ...presentItem(input.type.kind === 'list' ? input.type.items : { kind: 'number' }, text),
    error,
    attributes: {
      'aria-label': `${name}, item ${index + 1}`,
      'aria-invalid': error !== '' && 'true',
      'aria-describedby': error && `${id}-row-${index}-error`,
      autofocus: focus === at,
    },
    remove: { op: `remove:${at}`, label: `Remove item ${index + 1} of ${name}` },
  }
}

type Items = Extract<Field['input']['type'], { kind: 'list' }>['items']

function presentItem(type: Items, text: string): Pick<RowView, 'control' | 'text' | 'options' | 'suggestions'> {
  const none = { options: [], suggestions: [] }
  if (type.kind === 'choice' && choiceControl(type) === 'search') {
    return { ...none, control: 'search', text: searchText(type, text), suggestions: suggestionsOf(type, false) }
  }
  const choices = type.kind === 'boolean' ? trueOrFalse : type.kind === 'choice' ? type.options : undefined
  if (choices) {
    const options = [{ json: '', label: 'Choose…' }, ...choices].map((one) => presentOption(one, text))
    return { ...none, control: 'choice', text, options }
  }
  if (type.kind === 'text' && type.isSecret) return { ...none, control: 'secret', text: '' }
  return { ...none, control: type.kind === 'text' ? 'text' : 'number', text }
}
