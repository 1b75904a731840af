import type { Input } from '../../agent/schema/input-type.ts'
import { jsonMembers, jsonObject } from '../../shared/json.ts'
import type { Field } from './field.ts'

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
