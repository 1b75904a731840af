import type { Input, ReadType } from '../../../agent/schema/input-type.ts'

/** `empty` is an empty text, list or group; `json` shows a value that the control cannot. */
export type Mode = 'unset' | 'set' | 'null' | 'empty' | 'json'
export const modes: readonly string[] = ['unset', 'set', 'null', 'empty', 'json'] satisfies Mode[]

export type Field = {
  input: Input
  pointer: string
  mode: Mode
  /** What its control holds, or its JSON. */
  text: string
  rows: string[]
  /** Its inputs, items, entries, or the one chosen variant. */
  fields: Field[]
  key?: string
  /** Of a union: what it may be, and the index of what was chosen. */
  variants?: ReadType[]
  variant?: number
  /** What was typed into other variants. It is never sent. */
  kept?: Field[]
}
