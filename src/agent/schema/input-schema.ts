import { isJson, jsonDepth, jsonItems, jsonMembers, looseValue } from '../../shared/json.ts'
import { markSecrets } from './input-secrets.ts'
import type { Input } from './input-type.ts'
import { nothing, readInput } from './json-schema.ts'
import { isJsonSchema, isObjectSchema, isReadOnly } from './json-schema-kind.ts'
import { readSecretPaths } from './json-schema-secrets.ts'
import { createSchemaReading, type SchemaReading } from './reading.ts'
import type { SecretPaths } from './secret-paths.ts'

export type InputSchema = {
  workflow: string | undefined
  inputs: Input[]
  /** The inputs are any JSON object: nothing names them. */
  isUnnamed?: true
  secrets?: SecretPaths
  /** Generated agents list them among the inputs too. */
  outputs: string[]
}

const maxInputs = 5000
/** A deeper text takes too long to be checked. */
const maxCheckedDepth = 1000

/** Reads an answer to `GET /schema`. Returns a sentence when it describes no inputs at all. */
export function readInputSchema(text: string): InputSchema | string {
  const isShallow = jsonDepth(text) <= maxCheckedDepth
  if (isShallow && !isJson(text)) return 'its schema is not valid JSON'
  try {
    return readMembers(text)
  } catch (error) {
    if (isShallow) throw error
    return 'its schema is not valid JSON'
  }
}

function readMembers(text: string): InputSchema | string {
  const members = jsonMembers(text)
  if (!members) return 'its schema is not a JSON object'
  const described = members.get('inputs') ?? schemaIn(members, text)
  const inputs = described === 'true' ? new Map() : jsonMembers(described)
  if (!inputs) return 'its schema names no inputs'
  const workflow = looseValue(members.get('workflow') ?? members.get('title') ?? 'null')
  const isOneSchema = !members.has('inputs') || described === 'true' || isObjectSchema(inputs)
  const secrets = readSecretPaths(text, described, isOneSchema)
  const read = isOneSchema
    ? readOneSchema(inputs, [described, text])
    : { inputs: readDescriptions(inputs, described, text) }
  return {
    workflow: typeof workflow === 'string' && workflow !== '' ? workflow.slice(0, 256) : undefined,
    ...read,
    ...(secrets && { secrets, inputs: markSecrets(read.inputs, [secrets]) }),
    outputs: namesOf(members.get('outputs') ?? 'null'),
  }
}

function schemaIn(members: Map<string, string>, text: string): string {
  const own = new Map([...members].filter(([name]) => name !== '$schema' && name !== '$defs'))
  if (isJsonSchema(own)) return text
  return wrappedIn(members) ?? (isJsonSchema(members) ? text : 'null')
}

/** As a tool of MCP, Anthropic or OpenAI has it. */
function wrappedIn(members: Map<string, string>): string | undefined {
  const around = jsonMembers(members.get('function') ?? '') ?? members
  for (const name of ['input_schema', 'inputSchema', 'parameters', 'schema']) {
    const schema = jsonMembers(around.get(name) ?? '')
    if (schema && isJsonSchema(schema)) return around.get(name)
  }
  return undefined
}

function readOneSchema(schema: Map<string, string>, roots: string[]): Pick<InputSchema, 'inputs' | 'isUnnamed'> {
  const reading = createSchemaReading(roots)
  const all = onlyVariant(reading.resolved(schema), reading)
  const properties = jsonMembers(all.get('properties') ?? '')
  return properties ? { inputs: readProperties(all, properties, reading) } : { inputs: [], isUnnamed: true }
}

function onlyVariant(schema: Map<string, string>, reading: SchemaReading): Map<string, string> {
  const variants = jsonItems(schema.get('anyOf') ?? schema.get('oneOf') ?? '')?.map((text) => jsonMembers(text))
  const objects = variants?.filter((variant) => variant?.get('type') !== '"null"') ?? []
  return objects.length === 1 && objects[0] ? reading.bothOf(reading.resolved(objects[0]), schema) : schema
}

function readDescriptions(inputs: Map<string, string>, around: string, text: string): Input[] {
  const reading = createSchemaReading([around, text])
  return named(inputs).map(([name, described]) => {
    if (!described.includes('"$ref"')) return readInput(name, described, reading)
    const type = jsonMembers(described)?.get('type')
    const inner = reading.within(described)
    return readInput(name, described, type?.startsWith('{') ? inner.within(type) : inner)
  })
}

function readProperties(schema: Map<string, string>, properties: Map<string, string>, reading: SchemaReading): Input[] {
  const required = new Set((jsonItems(schema.get('required') ?? '') ?? []).map(looseValue))
  return named(properties).map(([name, described]) => readInput(name, described, reading, required.has(name)))
}

/** A form cannot send a name that is not well-formed Unicode. The schema `false` allows no value. */
function named(inputs: Map<string, string>): [string, string][] {
  const isAsked = (one: string) => one !== nothing && !isReadOnly(one)
  return [...inputs].filter(([name, one]) => name.isWellFormed() && isAsked(one)).slice(0, maxInputs)
}

function namesOf(outputs: string): string[] {
  const names = jsonItems(outputs)?.map(looseValue) ?? [...(jsonMembers(outputs)?.keys() ?? [])]
  return names.filter((name) => typeof name === 'string')
}
