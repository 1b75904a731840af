import { isJson, jsonMembers, looseValue } from '../json.ts'

/** What an input takes, as far as a form is concerned. `json` takes any JSON value of the kind it names. */
export type InputType =
  | { kind: 'text' }
  | { kind: 'integer' }
  | { kind: 'number' }
  | { kind: 'boolean' }
  | { kind: 'json'; accepts: 'list' | 'object' | 'anything' }

export type Input = {
  name: string
  type: InputType
  /** The type as the agent wrote it, to be shown beside the name. */
  typeLabel: string
  isRequired: boolean
  /** JSON text; undefined when the agent names none (a `null` of an input says the same). */
  defaultJson?: string
  description: string
}

export type InputSchema = {
  /** The workflow's own name. */
  workflow: string | undefined
  inputs: Input[]
}

const mostInputs = 5000
const longestLabel = 200
const longestDescription = 2000

/**
 * The inputs that an agent's answer to `GET /schema` describes. Whatever it says of an input that is not understood
 * makes that input a JSON field. Returns a sentence when the answer describes no inputs at all.
 */
export function readInputSchema(text: string): InputSchema | string {
  if (!isJson(text)) return 'its schema is not valid JSON'
  const members = jsonMembers(text)
  if (!members) return 'its schema is not a JSON object'
  const inputs = jsonMembers(members.get('inputs') ?? 'null')
  if (!inputs) return 'its schema names no inputs'
  if (inputs.size > mostInputs) return `its schema names more than ${mostInputs} inputs`
  const workflow = looseValue(members.get('workflow') ?? 'null')
  return {
    workflow: typeof workflow === 'string' && workflow !== '' ? workflow.slice(0, 256) : undefined,
    inputs: Array.from(inputs, ([name, described]) => readInput(name, described)),
  }
}

function readInput(name: string, described: string): Input {
  const value = looseValue(described)
  if (typeof value === 'string') return { name, ...readType(value), isRequired: true, description: '' }
  const members = jsonMembers(described)
  if (!members || typeof value !== 'object' || value === null) {
    return { name, ...readType(undefined), isRequired: false, description: '' }
  }
  const { type, required, description } = value as Record<string, unknown>
  const defaultJson = members.get('default')
  return {
    name,
    ...readType(type),
    // FastAPI's own rule: what has no default has to be sent, unless the schema says otherwise.
    isRequired: typeof required === 'boolean' ? required : defaultJson === undefined,
    ...(defaultJson === undefined || defaultJson === 'null' ? {} : { defaultJson }),
    description: typeof description === 'string' ? description.slice(0, longestDescription) : '',
  }
}

const byWord: Record<string, InputType> = {
  str: { kind: 'text' },
  string: { kind: 'text' },
  int: { kind: 'integer' },
  integer: { kind: 'integer' },
  float: { kind: 'number' },
  number: { kind: 'number' },
  bool: { kind: 'boolean' },
  boolean: { kind: 'boolean' },
  list: { kind: 'json', accepts: 'list' },
  array: { kind: 'json', accepts: 'list' },
  dict: { kind: 'json', accepts: 'object' },
  object: { kind: 'json', accepts: 'object' },
}

/** A type string of the Python project, or a JSON Schema where one could stand. */
function readType(type: unknown): { type: InputType; typeLabel: string } {
  if (typeof type === 'string') {
    const word = /^\s*([A-Za-z]+)\s*(?:\[.*\])?\s*$/s.exec(type.slice(0, longestLabel))?.[1]?.toLowerCase()
    const isScalar = !type.includes('[')
    const known = word !== undefined && Object.hasOwn(byWord, word) ? byWord[word] : undefined
    if (known && (isScalar || known.kind === 'json')) return { type: known, typeLabel: type.slice(0, longestLabel) }
    return { type: { kind: 'json', accepts: 'anything' }, typeLabel: type.slice(0, longestLabel) || 'any' }
  }
  const inner = typeof type === 'object' && type !== null ? (type as Record<string, unknown>).type : undefined
  if (typeof inner === 'string' && !('enum' in (type as object))) return readType(inner)
  return { type: { kind: 'json', accepts: 'anything' }, typeLabel: 'any' }
}
