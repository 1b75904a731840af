import { jsonItems, jsonMembers } from '../../shared/json.ts'

type Members = Map<string, string>

const objectKeywords = [
  '$ref',
  '$schema',
  '$defs',
  'allOf',
  'anyOf',
  'oneOf',
  'additionalProperties',
  'patternProperties',
]
const otherKeywords = new Set([
  ...objectKeywords,
  ...['type', 'title', 'description', 'required', 'definitions', '$id', '$comment', 'default', 'examples'],
  ...['minProperties', 'maxProperties', 'propertyNames', 'unevaluatedProperties', 'deprecated', 'nullable'],
])
const descriptionWords = new Set(['type', 'required', 'default', 'description'])

export function isJsonSchema(members: Members): boolean {
  return isOfObjects(members) || hasProperties(members) || objectKeywords.some((keyword) => isKeyword(members, keyword))
}

/** An input may be called `type` or `properties` too. */
export function isObjectSchema(members: Members): boolean {
  if (members.has('properties')) return hasProperties(members) && (isOfObjects(members) || !looksDescribed(members))
  const isNothingElse = [...members.keys()].every((name) => otherKeywords.has(name))
  return isNothingElse && (isOfObjects(members) || objectKeywords.some((keyword) => isKeyword(members, keyword)))
}

function isKeyword(members: Members, keyword: string): boolean {
  const value = members.get(keyword) ?? ''
  switch (keyword) {
    case '$ref':
    case '$schema':
      return value.startsWith('"')
    case 'allOf':
    case 'anyOf':
    case 'oneOf':
      return value.startsWith('[')
    default:
      return isSchema(value)
  }
}

function isOfObjects(members: Members): boolean {
  const type = members.get('type') ?? ''
  return type === '"object"' || (jsonItems(type)?.includes('"object"') ?? false)
}

function hasProperties(members: Members): boolean {
  const properties = jsonMembers(members.get('properties') ?? '')
  return properties !== undefined && [...properties.values()].every(isSchema)
}

function isSchema(json: string): boolean {
  return json.startsWith('{') || json === 'true' || json === 'false'
}

function looksDescribed(members: Members): boolean {
  const names = [...jsonMembers(members.get('properties')!)!.keys()]
  return names.length > 0 && names.every((name) => descriptionWords.has(name))
}

export function isReadOnly(described: string): boolean {
  return described.includes('"readOnly"') && jsonMembers(described)?.get('readOnly') === 'true'
}

const kindKeywords = ['type', '$ref', 'enum', 'const', 'properties', 'items', 'anyOf', 'oneOf', 'allOf']

/** A variant that only limits what the schema around it describes: `{"required": ["a"]}`. */
export function isConstraint(variant: string): boolean {
  const members = jsonMembers(variant)
  return members !== undefined && members.size > 0 && kindKeywords.every((keyword) => !members.has(keyword))
}
