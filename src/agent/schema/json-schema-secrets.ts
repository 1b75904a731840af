import { jsonItems, jsonMembers, looseValue } from '../../shared/json.ts'
import { createPlaces } from './pointers.ts'
import { pythonSecrets } from './python-secrets.ts'
import { noSecret, pruned, type SecretPlaces, wholeSecret } from './secret-places.ts'

type Members = Map<string, string>

/** Characters that are looked through in all. What is beyond may be a secret. */
const mostCharacters = 4 * 1024 * 1024
const deepest = 300
/** Without any of these words there is none; a word may be escaped. */
const marker = /password|writeOnly|secret|\\u/i

/** Without one of these a reference leads out of a schema, to what it shares with the others. */
const container = /"(?:\$defs|definitions|properties|items|\w+Of)"/

/** Keywords whose schemas say something of the same value. */
const sameValue = ['type', 'if', 'then', 'else']
const sameValueLists = ['anyOf', 'oneOf', 'allOf', 'type']
const refs = ['$ref', '$dynamicRef', '$recursiveRef']

/**
 * Where secrets stand in the inputs that a schema describes, at any depth: `format: password`, `writeOnly`, SecretStr.
 * `described` are the inputs as they are described in `text`, the agent's whole answer; `isOneSchema` says that this is
 * one JSON Schema, not a description by name. Undefined when there are none.
 */
export function readSecretPlaces(text: string, described: string, isOneSchema: boolean): SecretPlaces | undefined {
  if (!marker.test(text)) return undefined
  const read = createSecretReading(text)
  const roots = [described, text]
  if (isOneSchema) return pruned(read(described, roots))
  const inputs = [...(jsonMembers(described) ?? [])].map(([name, one]): [string, SecretPlaces] => {
    if (!one.includes('$') || !container.test(one)) return [name, read(one, roots)]
    const type = jsonMembers(one)?.get('type') ?? ''
    return [name, read(one, [...(type.startsWith('{') ? [type] : []), one, ...roots])]
  })
  return pruned({ ...noSecret(), members: new Map(inputs) })
}

function createSecretReading(text: string) {
  let characters = 0
  let depth = 0
  // References by name, which are not looked for: what they lead to may be a secret.
  const hasNamedPlaces = /"\$(id|anchor|dynamicAnchor)"/.test(text)
  const known = new Map<string[], Map<string, SecretPlaces>>()
  const finders = new Map<string, (place: string) => string | undefined>()

  function membersOf(part: string): Members | undefined {
    characters += part.length
    return isTooMuch() ? undefined : jsonMembers(part)
  }

  function isTooMuch(): boolean {
    return characters > mostCharacters || depth > deepest
  }

  function find(place: string, roots: string[]): string[] {
    if (place === '#') return roots
    for (const root of roots) {
      if (!finders.has(root)) finders.set(root, createPlaces(root, membersOf))
      const found = finders.get(root)!(place)
      if (found !== undefined) return [found]
    }
    return []
  }

  /** The same text under the same roots means the same: so a type that holds itself is read once. */
  function read(part: string, roots: string[]): SecretPlaces {
    if (part.startsWith('"')) return pythonSecrets(looseValue(part) as string)
    if (!part.startsWith('{')) return noSecret()
    const readings = known.get(roots) ?? new Map<string, SecretPlaces>()
    known.set(roots, readings)
    const before = readings.get(part)
    if (before) return before
    const places = noSecret()
    readings.set(part, places)
    depth++
    const members = membersOf(part)
    if (members)
      Object.assign(
        places,
        placesOf(members, (inner) => read(inner, roots), roots),
      )
    else places.isSecret = true
    depth--
    return places
  }

  function placesOf(members: Members, readInner: (part: string) => SecretPlaces, roots: string[]): SecretPlaces {
    const schema = (keyword: string) => [members.get(keyword) ?? ''].filter((one) => /^["{]/.test(one)).map(readInner)
    const schemas = (keyword: string) => (jsonItems(members.get(keyword) ?? '') ?? []).map(readInner)
    const named = (keyword: string) => [...(jsonMembers(members.get(keyword) ?? '') ?? [])]
    const anyNamed = (keyword: string) => named(keyword).map(([, one]) => readInner(one))
    return {
      isSecret: isOfSecret(members),
      same: [
        ...sameValue.flatMap(schema),
        ...sameValueLists.flatMap(schemas),
        ...anyNamed('dependentSchemas'),
        ...refs.flatMap((keyword) => led(members.get(keyword), readInner, roots)),
      ],
      members: new Map(named('properties').map(([name, one]) => [name, readInner(one)])),
      eachMember: anyNamed('patternProperties'),
      otherMembers: [...schema('additionalProperties'), ...schema('unevaluatedProperties')],
      items: [
        ...['items', 'additionalItems', 'unevaluatedItems', 'contains'].flatMap(schema),
        ...['items', 'prefixItems'].flatMap(schemas),
      ],
    }
  }

  function led(ref: string | undefined, readInner: (part: string) => SecretPlaces, roots: string[]): SecretPlaces[] {
    const place = textOf(ref)
    if (place === undefined) return []
    const found = find(place, roots)
    const isUnclear = found.length === 0 && (hasNamedPlaces || isTooMuch())
    return isUnclear ? [wholeSecret()] : found.map(readInner)
  }

  return read
}

/** Whether a schema says by itself that its values are secret. Formats have no fixed spelling: some write "Password". */
export function isOfSecret(members: Members): boolean {
  return textOf(members.get('format'))?.trim().toLowerCase() === 'password' || members.get('writeOnly') === 'true'
}

function textOf(json: string | undefined): string | undefined {
  return json?.startsWith('"') ? (looseValue(json) as string) : undefined
}
