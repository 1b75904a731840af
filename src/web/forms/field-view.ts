import type { Attributes } from '../markup/attributes.ts'
import type { Button } from './field-buttons.ts'
import type { Control, OptionView } from './field-controls.ts'
import type { FormErrors } from './field-errors.ts'
import type { RowView } from './field-row.ts'

export type FieldContext = { errors: FormErrors; focus: string }

export type FieldView = {
  id: string
  pointer: string
  label: string
  /** Its accessible name where no label stands beside it. */
  name: string
  control: Control
  valueName: string
  modeName: string
  mode: string
  typeLabel: string
  title: string
  description: string
  hints: { word: string; code: string }[]
  examples: Button[]
  isRequired: boolean
  /** It has no label that a press could lead to its control. */
  isGroup: boolean
  isBlock: boolean
  isFocused: boolean
  isUsed: boolean
  isLong: boolean
  isFile: boolean
  text: string
  placeholder: string
  jsonRows: number
  suggestions: string[]
  sentence: string
  default: string
  buttons: (Button & { isFocused: boolean })[]
  error: string
  offer: Button | undefined
  options: OptionView[]
  /** Of what can be pressed to choose; -1 for none. */
  focusedOption: number
  hasHint: boolean
  /** Of its control, and of the group around it. */
  attributes: Attributes
  groupAttributes: Attributes
  rows: RowView[]
  entries: EntryView[]
  add: Button
  kinds: KindView | undefined
  /** What is inside a group or a tuple, or the chosen variant. */
  fields: FieldView[]
  /** Kinds that were typed into and are not chosen: hidden, so that what is in them comes back. */
  kept: { name: string; index: number; field: FieldView }[]
  /** Where its controls are not shown: what tells the way to `kept`. */
  marks: { name: string; value: string }[]
  outline: string
}

/** One item of a list, or one entry with its key. */
export type EntryView = {
  id: string
  rowName: string
  row: string
  label: string
  field: FieldView
  /** It stands on one line: its control is a single box. */
  isSmall: boolean
  remove: Button
  key: { id: string; name: string; text: string; label: string; error: string; isFocused: boolean } | undefined
}

/** What a value of a union may be, one button for each. */
export type KindView = { name: string; chosen: number; label: string; buttons: (Button & { isChosen: boolean })[] }
