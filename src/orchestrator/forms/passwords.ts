import type { Input } from '../../agent/schema/input-type.ts'
import { pointerTo } from '../../shared/fields/pointers.ts'
import { jsonMembers, jsonObject } from '../../shared/json.ts'
import type { Field } from './fields/field.ts'
import type { Form } from './form.ts'
import type { FormErrors } from './write-inside.ts'

export const passwordNote = 'Enter this again: passwords are not kept.'

// In the JSON view, passwords with a control of their own stand beside the JSON, not in it.

type Path = string[]

function hasControl({ type }: Input): boolean {
  return type.kind === 'text' && type.isSecret
}

export function withoutPasswords(inputs: Input[], json: string): string {
  const members = jsonMembers(json)
  if (!members) return json
  let isWhole = true
  for (const input of inputs) {
    const value = members.get(input.name)
    if (value === undefined) continue
    const left = input.type.kind === 'group' ? withoutPasswords(input.type.inputs, value) : value
    if (hasControl(input)) members.delete(input.name)
    else members.set(input.name, left)
    isWhole &&= left === value && !hasControl(input)
  }
  return isWhole ? json : jsonObject(members)
}

export function typedPasswords(fields: Field[], parent: Path = []): [Path, string][] {
  return fields.flatMap(({ input, mode, text, fields: inner }): [Path, string][] => {
    const path = [...parent, input.name]
    if (input.type.kind === 'group') return typedPasswords(inner, path)
    return hasControl(input) && mode !== 'json' && text !== '' ? [[path, JSON.stringify(text)]] : []
  })
}

/** Passwords in the JSON win. */
export function withPasswords(json: string, passwords: [Path, string][]): string {
  return passwords.reduce(
    (all, [path, password]) => (valueAt(all, path) === undefined ? withValue(all, path, password) : all),
    json,
  )
}

function valueAt(json: string, path: Path): string | undefined {
  return path.reduce<string | undefined>((value, name) => value && jsonMembers(value)?.get(name), json)
}

function withValue(json: string, [name, ...rest]: Path, value: string): string {
  const members = jsonMembers(json)
  if (!members) return json
  members.set(name!, rest.length === 0 ? value : withValue(members.get(name!) ?? '{}', rest, value))
  return jsonObject(members)
}

/** Their controls are printed empty, and a browser keeps only what was typed into the same control. */
export function askedAgain(shown: Form, typed: Field[] = []): FormErrors {
  const before = passwordTexts(typed)
  const lost = [...passwordTexts(shown.fields)].filter(([pointer, text]) => before.get(pointer) !== text)
  return new Map(lost.map(([pointer]) => [pointer, passwordNote]))
}

/** As `askedAgain`, of the JSON that has them beside it. */
export function askedBesideJson(inputs: Input[], json: string, typed: Field[]): FormErrors {
  const before = new Map(typedPasswords(typed).map(([path, text]) => [pointerOf(path), text]))
  const lost = passwordsIn(inputs, json).filter(([path, text]) => before.get(pointerOf(path)) !== text)
  return new Map(lost.map(([path]) => [pointerOf(path), passwordNote]))
}

const pointerOf = (path: Path) => path.reduce(pointerTo, '')

export const holdsPassword = (field: Field): boolean => passwordTexts([field]).size > 0

function passwordTexts(fields: Field[]): Map<string, string> {
  return new Map(
    fields.flatMap((field): [string, string][] => {
      const { input, pointer, mode, text, rows, kept = [] } = field
      const { type } = input
      const isList = type.kind === 'list' && type.items.kind === 'text' && type.items.isSecret
      const own = mode !== 'set' ? '' : hasControl(input) ? text : isList ? rows.join('\n') : ''
      return [
        ...(own.trim() === '' ? [] : [[pointer, own] as [string, string]]),
        ...passwordTexts([...field.fields, ...kept]),
      ]
    }),
  )
}

function passwordsIn(inputs: Input[], json: string, parent: Path = []): [Path, string][] {
  const members = jsonMembers(json)
  return inputs.flatMap((input): [Path, string][] => {
    const value = members?.get(input.name)
    const path = [...parent, input.name]
    if (value === undefined) return []
    if (input.type.kind === 'group') return passwordsIn(input.type.inputs, value, path)
    return hasControl(input) && value !== 'null' && value !== '""' ? [[path, value]] : []
  })
}
