import type { InputSchema } from '../agent/input-schema.ts'
import type { Input } from '../agent/input-type.ts'
import { jsonMembers, jsonObject } from '../json.ts'
import type { Field } from './form.ts'

type Path = string[]

/** Where passwords stand, in an agent's inputs. */
export function secretPaths(inputs: Input[], parent: Path = []): Path[] {
  return inputs.flatMap(({ name, type }) => {
    if (type.kind === 'group') return secretPaths(type.inputs, [...parent, name])
    const simple = type.kind === 'list' ? type.items : type
    return simple.kind === 'text' && simple.isSecret ? [[...parent, name]] : []
  })
}

/** What is kept of inputs that hold passwords, and the dotted names of those. Undefined when they hold none. */
export function withholdSecrets(
  { inputs }: InputSchema,
  json: string,
): { stored: string; fields: string[] } | undefined {
  const found = secretPaths(inputs).filter((path) => holdsSecret(valueAt(json, path)))
  if (found.length === 0) return undefined
  return { stored: found.reduce(without, json), fields: found.map((path) => path.join('.')) }
}

/** Inputs without their passwords, for showing them as JSON. */
export function withoutSecrets(schema: InputSchema, json: string): string {
  return withholdSecrets(schema, json)?.stored ?? json
}

function holdsSecret(json: string | undefined): boolean {
  return json !== undefined && json !== 'null' && json !== '""' && json !== '[]'
}

/** The passwords that were typed, with where they belong. */
export function typedSecrets(fields: Field[], parent: Path = []): [Path, string][] {
  return fields.flatMap(({ input, mode, text, fields: inner }): [Path, string][] => {
    const path = [...parent, input.name]
    if (input.type.kind === 'group') return typedSecrets(inner, path)
    const isTyped = input.type.kind === 'text' && input.type.isSecret && mode !== 'json' && text !== ''
    return isTyped ? [[path, JSON.stringify(text)]] : []
  })
}

/** Inputs with passwords added where they do not hold any. */
export function withSecrets(json: string, secrets: [Path, string][]): string {
  return secrets.reduce(
    (all, [path, secret]) => (valueAt(all, path) === undefined ? withValue(all, path, secret) : all),
    json,
  )
}

function valueAt(json: string, path: Path): string | undefined {
  return path.reduce<string | undefined>((value, name) => value && jsonMembers(value)?.get(name), json)
}

function without(json: string, [name, ...rest]: Path): string {
  const members = jsonMembers(json)!
  if (rest.length === 0) members.delete(name!)
  else members.set(name!, without(members.get(name!)!, rest))
  return jsonObject(members)
}

function withValue(json: string, [name, ...rest]: Path, value: string): string {
  const members = jsonMembers(json)
  if (!members) return json
  members.set(name!, rest.length === 0 ? value : withValue(members.get(name!) ?? '{}', rest, value))
  return jsonObject(members)
}
