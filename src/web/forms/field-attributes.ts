import type { Field } from '../../orchestrator/forms/fields/field.ts'
import type { Attributes } from '../markup/attributes.ts'
import { type Control, typingOf } from './field-controls.ts'

/** What it is called where no label of its own is beside it: an item of a list. */
export type Naming = { name: string; isBare: boolean }

type Presented = {
  id: string
  control: Control
  error: string
  isFocused: boolean
  hasHint: boolean
  naming: Naming | undefined
}

const groups = new Set<Control>(['boolean', 'group', 'tuple', 'list', 'rows', 'map', 'union', 'box', 'fixed'])
const blocks = new Set<Control>(['group', 'tuple', 'rows', 'map', 'union'])

/** What tells a browser and a screen reader about the control, or about the group of controls. */
export function attributesOf(field: Field, { id, control, error, isFocused, hasHint, naming }: Presented) {
  const { isRequired, holdsSecret } = field.input
  const { inputMode, autocomplete } = typingOf(field)
  const isGroup = groups.has(control)
  const described = [error && `${id}-error`, hasHint && `${id}-hint`].filter(Boolean).join(' ')
  const label = naming?.isBare ? { 'aria-label': naming.name } : {}
  return {
    isGroup,
    isBlock: blocks.has(control),
    attributes: {
      ...label,
      inputmode: inputMode,
      autocomplete,
      spellcheck: inputMode ? 'false' : undefined,
      'aria-required': isRequired && 'true',
      'aria-invalid': error !== '' && 'true',
      'aria-describedby': described,
      'data-not-kept': holdsSecret === true,
      autofocus: isFocused,
    } satisfies Attributes,
    groupAttributes: (isGroup
      ? {
          role: 'group',
          ...(naming?.isBare ? label : { 'aria-labelledby': `${id}-label` }),
          'aria-describedby': described,
        }
      : {}) satisfies Attributes,
  }
}
