import { jsonItems, jsonMembers, looseValue } from '../../shared/json.ts'
import { createPointerFinder } from './pointers.ts'
import { pythonSecrets } from './python-secrets.ts'
import { noSecret, pruned, type SecretPaths, wholeSecret } from './secret-paths.ts'

type Members = Map<string, string>

/** Everything beyond may be a secret. */
const maxCharacters = 4 * 1024 * 1024
const maxDepth = 300
/** A schema without any of these words has no secrets; a word may be escaped. */
const marker = /password|writeOnly|secret|\\u/i

/** Without one of these a reference leaves its own schema. */
const container = /"(?:\$defs|definitions|properties|items|\w+Of)"/

const sameValue = ['type', 'if', 'then', 'else']
const sameValueLists = ['anyOf', 'oneOf', 'allOf', 'type']
const refs = ['$ref', '$dynamicRef', '$recursiveRef']

/** `described` is the part of `text`, the whole answer, with the inputs: one JSON Schema when `isOneSchema`. */
export function readSecretPaths(text: string, described: string, isOneSchema: boolean): SecretPaths | undefined {
  if (!marker.test(text)) return undefined
  const read = createSecretReading(text)
  const roots = [described, text]
  if (isOneSchema) return pruned(read(described, roots))
  const inputs = [...(jsonMembers(described) ?? [])].map(([name, one]): [string, SecretPaths] => {
    if (!one.includes('$') || !container.test(one)) return [name, read(one, roots)]
    const type = jsonMembers(one)?.get('type') ?? ''
    return [name, read(one, [...(type.startsWith('{') ? [type] : []), one, ...roots])]
  })
  return pruned({ ...noSecret(), members: new Map(inputs) })
}

function createSecretReading(text: string) {
  let characters = 0
  let depth = 0
  // References by name are not followed, and may be secrets.
  const hasNamedPlaces = /"\$(id|anchor|dynamicAnchor)"/.test(text)
  const known = new Map<string[], Map<string, SecretPaths>>()
  const finders = new Map<string, (pointer: string) => string | undefined>()

  function membersOf(part: string): Members | undefined {
    characters += part.length
    return isTooMuch() ? undefined : jsonMembers(part)
  }

  function isTooMuch(): boolean {
    return characters > maxCharacters || depth > maxDepth
  }

  function find(pointer: string, roots: string[]): string[] {
    if (pointer === '#') return roots
    for (const root of roots) {
      if (!finders.has(root)) finders.set(root, createPointerFinder(root, membersOf))
      const found = finders.get(root)!(pointer)
      if (found !== undefined) return [found]
    }
    return []
  }

  function read(part: string, roots: string[]): SecretPaths {
    if (part.startsWith('"')) return pythonSecrets(looseValue(part) as string)
    if (!part.startsWith('{')) return noSecret()
    const readings = known.get(roots) ?? new Map<string, SecretPaths>()
    known.set(roots, readings)
    const before = readings.get(part)
    if (before) return before
    const paths = noSecret()
    readings.set(part, paths)
    depth++
    const members = membersOf(part)
    if (members)
      Object.assign(
        paths,
        placesOf(members, {
          read: (inner) => read(inner, roots),
          led: (ref) => led(ref, roots),
        }),
      )
    else paths.isSecret = true
    depth--
    return paths
  }

  function led(ref: string | undefined, roots: string[]): SecretPaths[] {
    const pointer = textOf(ref)
    if (pointer === undefined) return []
    const found = find(pointer, roots)
    const isUnclear = found.length === 0 && (hasNamedPlaces || isTooMuch())
    return isUnclear ? [wholeSecret()] : found.map((one) => read(one, roots))
  }

  return read
}

/** `led` reads what a reference leads to. */
function placesOf(
  members: Members,
  { read, led }: { read: (part: string) => SecretPaths; led: (ref: string | undefined) => SecretPaths[] },
): SecretPaths {
  const schema = (keyword: string) => [members.get(keyword) ?? ''].filter((one) => /^["{]/.test(one)).map(read)
  const schemas = (keyword: string) => (jsonItems(members.get(keyword) ?? '') ?? []).map(read)
  const named = (keyword: string) => [...(jsonMembers(members.get(keyword) ?? '') ?? [])]
  const anyNamed = (keyword: string) => named(keyword).map(([, one]) => read(one))
  return {
    isSecret: isOfSecret(members),
    same: [
      ...sameValue.flatMap(schema),
      ...sameValueLists.flatMap(schemas),
      ...['dependentSchemas', 'dependencies'].flatMap(anyNamed),
      ...refs.flatMap((keyword) => led(members.get(keyword))),
    ],
    members: new Map(named('properties').map(([name, one]) => [name, read(one)])),
    eachMember: anyNamed('patternProperties'),
    otherMembers: [...schema('additionalProperties'), ...schema('unevaluatedProperties')],
    items: [
      ...['items', 'additionalItems', 'unevaluatedItems', 'contains'].flatMap(schema),
      ...['items', 'prefixItems'].flatMap(schemas),
    ],
  }
}

/** Some write "Password". */
export function isOfSecret(members: Members): boolean {
  return textOf(members.get('format'))?.trim().toLowerCase() === 'password' || members.get('writeOnly') === 'true'
}

function textOf(json: string | undefined): string | undefined {
  return json?.startsWith('"') ? (looseValue(json) as string) : undefined
}
