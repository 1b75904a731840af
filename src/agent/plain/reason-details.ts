import { looseValue } from '../../shared/json.ts'
import { isMembers } from '../../shared/members.ts'
import {
  classValidatorSentence,
  type Located,
  locatedSentences,
  type Path,
  pathOf,
  withoutBody,
} from './reason-path.ts'

type Members = Record<string, unknown>

export const listNames = [
  ...['detail', 'details', 'errors', 'issues', 'validation', 'validationErrors', 'validation_errors', 'violations'],
  ...['fieldViolations', 'field_violations', 'fieldErrors', 'formErrors', 'invalid-params', 'invalid_params'],
  ...['invalidParams', 'extra', 'propertyViolations', 'classViolations', 'parameterViolations', '_embedded'],
]
const sentenceNames = ['msg', 'message', 'detail', 'description', 'defaultMessage', 'reason', 'error', 'text', 'title']
const pathNames = [
  ...['loc', 'path', 'field', 'pointer', 'param', 'property', 'propertyPath', 'propertyName', 'instancePath'],
  ...['dataPath', 'attr', 'key', 'fieldName', 'field_name'],
]
/** Names that mean all inputs, or a whole value. */
const wholeNames = new Set(['non_field_errors', '_schema', '__all__', '_errors', 'formErrors', 'base', 'fieldErrors'])
const bodyNames = new Set(['json', 'json_or_form', 'body'])

export const maxDetails = 100
const maxSentence = 10_000
const maxInnerJson = 200_000
const maxDepth = 12
const maxVisits = 5000

type Details = Generator<Located, void>
type Walk = { path: Path; depth: number; visits: { left: number } }

/** The errors of single inputs, in the shape of any framework. */
export function detailsOf(value: unknown): Located[] {
  return walk(value, { path: [], depth: 0, visits: { left: maxVisits } })
    .take(maxDetails)
    .toArray()
}

function* walk(value: unknown, at: Walk): Details {
  if (at.depth > maxDepth || at.visits.left-- <= 0) return
  if (typeof value === 'string') yield* sentencesIn(value, at)
  else if (Array.isArray(value)) yield* walkList(value, at)
  else if (isMembers(value)) yield* walkMembers(value, at)
}

function* sentencesIn(text: string, at: Walk): Details {
  const { path } = at
  const inner = jsonIn(text)
  const message = shortened(text)
  if (message === '') return
  if (inner !== undefined) yield* walk(inner, { ...at, depth: at.depth + 2 })
  else if (path.length === 0) yield* locatedSentences(message)
  else yield { path, message }
}

function* walkList(items: unknown[], at: Walk): Details {
  const deeper = { ...at, depth: at.depth + 1 }
  for (const [index, item] of items.entries()) {
    // Django REST lists errors at the indexes of the items.
    const isAbout = isMembers(item) && at.path.length > 0 && !isDetail(item)
    yield* walk(item, isAbout ? { ...deeper, path: [...at.path, String(index)] } : deeper)
  }
}

function* walkMembers(members: Members, at: Walk): Details {
  const path = joined(at.path, ownPath(members))
  const inside = { ...at, path, depth: at.depth + 1 }
  const sentence = sentenceOf(members)
  if (isRuleSet(members)) {
    const rules = Object.values(members.constraints ?? {}).filter((rule) => typeof rule === 'string')
    yield* rules.map((rule) => ({ path, message: classValidatorSentence(rule).message }))
    yield* walk(members.children, inside)
  } else if (isHapiSource(members)) return
  else if (sentence !== undefined) {
    const unknown = unknownFields(members)
    const paths = unknown.length > 0 ? unknown.map((own) => joined(at.path, own)) : [path]
    for (const one of paths) yield* sentencesIn(sentence, { ...at, path: one })
    yield* walk(members.nestedErrors, { ...at, depth: at.depth + 1 })
  } else if (listNames.some((name) => isListed(members[name]))) {
    for (const name of [...listNames, 'children']) yield* walk(listed(members[name]), inside)
    // The error tree of zod 4.
    if (isMembers(members.properties)) yield* walkFields(members.properties, inside)
    if (Array.isArray(members.items)) yield* walkList(members.items, inside)
  } else yield* walkFields(members, at)
}

function* walkFields(members: Members, at: Walk): Details {
  const { path, depth } = at
  for (const [name, value] of Object.entries(members)) {
    const isWhole = wholeNames.has(name) || (path.length === 0 && bodyNames.has(name) && isMembers(value))
    yield* walk(value, { ...at, path: isWhole ? path : [...path, ...stepsOf(name)], depth: depth + 1 })
  }
}

function stepsOf(name: string): Path {
  return /^\$\.|\[\d+\]/.test(name) ? pathOf(name) : [name]
}

/** Of class-validator: the broken rules of a property, or of its members. */
function isRuleSet(members: Members): boolean {
  return isMembers(members.constraints) || (typeof members.property === 'string' && Array.isArray(members.children))
}

function listed(value: unknown): unknown {
  return isListed(value) ? value : undefined
}

/** A map from names to errors repeats the name in each of them. */
function joined(outer: Path, own: Path): Path {
  return outer.length > 0 && outer.every((step, index) => own[index] === step) ? own : [...outer, ...own]
}

function isDetail(members: Members): boolean {
  const isNamed = pathNames.some((name) => typeof members[name] === 'string')
  return isRuleSet(members) || sentenceOf(members) !== undefined || isNamed
}

function sentenceOf(members: Members): string | undefined {
  for (const name of sentenceNames) {
    const said = members[name]
    if (typeof said === 'string' && said.trim() !== '') return said
  }
  return typeof members.field === 'string' && typeof members.code === 'string' ? members.code : undefined
}

export function ownPath(members: Members, names = pathNames): Path {
  if (members.type === 'json_invalid') return []
  const { source, loc } = members
  const params = members.params ?? members.info
  const written = names.map((name) => members[name]).find((one) => typeof one === 'string' || Array.isArray(one))
  const name = written ?? (isMembers(source) ? (source.pointer ?? source.parameter) : undefined)
  // RFC 7807.
  const path = pathOf(name ?? ('reason' in members ? members.name : undefined))
  const missing = isMembers(params) ? params.missingProperty : undefined
  if (typeof missing === 'string') return [...path, missing]
  if (path.length === 0 && typeof members.location === 'string' && members.location.startsWith('body.')) {
    return withoutBody(pathOf(members.location))
  }
  return Array.isArray(loc) && path.length === 1 && path[0] === 'body' ? [] : path
}

function isHapiSource({ source, keys, message }: Members): boolean {
  return typeof source === 'string' && Array.isArray(keys) && message === undefined
}

function unknownFields({ type, fields }: Members): Path[] {
  if (type !== 'unknown_fields' || !Array.isArray(fields)) return []
  return fields.slice(0, maxDetails).map((field) => pathOf(isMembers(field) ? field.path : field))
}

function isListed(value: unknown): boolean {
  return Array.isArray(value) || isMembers(value)
}

/** A text of an agent may be megabytes. */
export function shortened(text: string): string {
  return text.slice(0, maxSentence).trim()
}

/** zod 4 writes JSON into a sentence. */
export function jsonIn(sentence: string): unknown {
  if (!/^\s*[[{]/.test(sentence) || sentence.length > maxInnerJson) return undefined
  const value = looseValue(sentence)
  return isListed(value) ? value : undefined
}
