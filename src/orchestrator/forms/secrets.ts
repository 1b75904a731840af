import type { InputSchema } from '../../agent/schema/input-schema.ts'
import { allOf, pathsOfItems, pathsOfMember, type SecretPaths } from '../../agent/schema/secret-paths.ts'
import { jsonEntries, jsonItems, jsonObject } from '../../shared/json.ts'
import type { Agent } from '../registry/agent.ts'
import type { RunRequest } from '../runs/engine.ts'

export type Withheld = {
  stored: string
  /** Dotted names, with `*` for the items of a list. */
  fields: string[]
}

const anyItem = '*'

/** Undefined when the inputs, a JSON object, hold no passwords. */
export function withholdSecrets({ secrets }: InputSchema, json: string): Withheld | undefined {
  if (!secrets) return undefined
  const fields = new Set<string>()
  const stored = stripped(json, [secrets], [], (path) => fields.add(named(path))) ?? '{}'
  return fields.size === 0 ? undefined : { stored, fields: [...fields] }
}

function named(path: string[]): string {
  return path.slice(0, path.findLastIndex((name) => name !== anyItem) + 1).join('.')
}

/** Undefined where nothing may stay. A list with a secret item loses all items, as the others would move. */
function stripped(
  json: string,
  paths: SecretPaths[],
  path: string[],
  onFound: (path: string[]) => void,
): string | undefined {
  const all = allOf(paths)
  if (all.some(({ isSecret }) => isSecret)) {
    if (!holdsSecret(json)) return json
    onFound(path)
    return undefined
  }
  if (json.startsWith('[')) {
    const inner = pathsOfItems(all)
    const items = inner.length === 0 ? [] : jsonItems(json)!
    const left = items.map((item) => stripped(item, inner, [...path, anyItem], onFound))
    if (left.includes(undefined)) return undefined
    return left.every((item, index) => item === items[index]) ? json : `[${left.join(',')}]`
  }
  if (all.length === 0 || !/^\s*\{/.test(json)) return json
  const members = [...jsonEntries(json)]
  const left = members.flatMap(([name, value]): [string, string][] => {
    const inner = pathsOfMember(all, name)
    const kept = inner.length === 0 ? value : stripped(value, inner, [...path, name], onFound)
    return kept === undefined ? [] : [[name, kept]]
  })
  const isWhole = left.length === members.length && left.every(([, value], index) => value === members[index]![1])
  return isWhole ? json : jsonObject(left)
}

function holdsSecret(json: string): boolean {
  return !['null', '""', '[]', '{}'].includes(json)
}

/** A run with these inputs, whose passwords are not kept. */
export function acceptable(
  { agent, schema, text }: { agent: Agent; schema?: InputSchema | undefined; text?: string | undefined },
  inputs: string,
): RunRequest {
  return {
    agent,
    inputs,
    withheld: schema && withholdSecrets(schema, inputs),
    workflow: schema?.workflow,
    schemaText: text,
  }
}
