import { looseValue } from '../../shared/json.ts'
import { classValidatorSentence, type Place, type Placed, placedSentences, placeOf } from './reason-place.ts'

type Members = Record<string, unknown>

/** Under these names frameworks list what is wrong. */
export const listNames = [
  ...['detail', 'details', 'errors', 'issues', 'validation', 'validationErrors', 'validation_errors', 'violations'],
  ...['fieldViolations', 'field_violations', 'fieldErrors', 'formErrors', 'invalid-params', 'invalid_params'],
  ...['invalidParams', 'extra'],
]
/** Under these names a sentence says what is wrong. */
const sentenceNames = ['msg', 'message', 'detail', 'description', 'defaultMessage', 'reason', 'error', 'text', 'title']
const placeNames = [
  ...['loc', 'path', 'field', 'pointer', 'param', 'property', 'propertyPath', 'propertyName', 'instancePath'],
  ...['dataPath', 'attr', 'key'],
]
/** Names that stand for the whole of the inputs, or of a value in them. */
const wholeNames = new Set(['non_field_errors', '_schema', '__all__', '_errors', 'formErrors', 'base', 'fieldErrors'])
const bodyNames = new Set(['json', 'json_or_form', 'body'])

export const maxDetails = 100
/** More than all that is shown of a reason. */
const maxSentence = 10_000
const maxInnerJson = 200_000
const maxDepth = 12
const maxVisits = 5000

type Details = Generator<Placed, void>
type Walk = { place: Place; depth: number; visits: { left: number } }

/** What an error tells of single inputs, in whatever shape a framework lists it. */
export function detailsOf(value: unknown): Placed[] {
  return walk(value, { place: [], depth: 0, visits: { left: maxVisits } })
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
  const { place } = at
  const inner = jsonIn(text)
  const message = beginningOf(text)
  if (message === '') return
  if (inner !== undefined) yield* walk(inner, { ...at, depth: at.depth + 2 })
  else if (place.length === 0) yield* placedSentences(message)
  else yield { place, message }
}

function* walkList(items: unknown[], at: Walk): Details {
  const deeper = { ...at, depth: at.depth + 1 }
  for (const [index, item] of items.entries()) {
    // Django REST lists its errors in the places of the items they are about.
    const isAbout = isMembers(item) && at.place.length > 0 && !isDetail(item)
    yield* walk(item, isAbout ? { ...deeper, place: [...at.place, String(index)] } : deeper)
  }
}

function* walkMembers(members: Members, at: Walk): Details {
  const place = joined(at.place, ownPlace(members))
  const inside = { ...at, place, depth: at.depth + 1 }
  const sentence = sentenceOf(members)
  if (isRuleSet(members)) {
    const rules = Object.values(members.constraints ?? {}).filter((rule) => typeof rule === 'string')
    yield* rules.map((rule) => ({ place, message: classValidatorSentence(rule).message }))
    yield* walk(members.children, inside)
  } else if (sentence !== undefined) {
    const unknown = unknownFields(members)
    const places = unknown.length > 0 ? unknown.map((own) => joined(at.place, own)) : [place]
    for (const one of places) yield* sentencesIn(sentence, { ...at, place: one })
    yield* walk(members.nestedErrors, { ...at, depth: at.depth + 1 })
  } else if (listNames.some((name) => isListed(members[name]))) {
    for (const name of [...listNames, 'children']) yield* walk(listed(members[name]), inside)
    // The tree of zod 4.
    if (isMembers(members.properties)) yield* walkFields(members.properties, inside)
    if (Array.isArray(members.items)) yield* walkList(members.items, inside)
  } else yield* walkFields(members, at)
}

/** Names with what is wrong there. */
function* walkFields(members: Members, at: Walk): Details {
  const { place, depth } = at
  for (const [name, value] of Object.entries(members)) {
    const isWhole = wholeNames.has(name) || (place.length === 0 && bodyNames.has(name) && isMembers(value))
    yield* walk(value, { ...at, place: isWhole ? place : [...place, ...stepsOf(name)], depth: depth + 1 })
  }
}

/** `$.messages[4].content` is a name in some maps, and `messages.4.content` in others. */
function stepsOf(name: string): Place {
  return /^\$\.|\[\d+\]/.test(name) ? placeOf(name) : [name]
}

/** Of class-validator: the broken rules of a property, or of what is in it. */
function isRuleSet(members: Members): boolean {
  return isMembers(members.constraints) || (typeof members.property === 'string' && Array.isArray(members.children))
}

function listed(value: unknown): unknown {
  return isListed(value) ? value : undefined
}

/** A map from names to errors repeats the name in each of them. */
function joined(outer: Place, own: Place): Place {
  return outer.length > 0 && outer.every((step, index) => own[index] === step) ? own : [...outer, ...own]
}

/** Whether an object tells of one thing that is wrong, and is not a set of names with what is wrong there. */
function isDetail(members: Members): boolean {
  const isNamed = placeNames.some((name) => typeof members[name] === 'string')
  return isRuleSet(members) || sentenceOf(members) !== undefined || isNamed
}

function sentenceOf(members: Members): string | undefined {
  for (const name of sentenceNames) {
    const said = members[name]
    if (typeof said === 'string' && said.trim() !== '') return said
  }
  return undefined
}

export function ownPlace(members: Members, names = placeNames): Place {
  if (members.type === 'json_invalid') return []
  const { source, params, loc } = members
  const written = names.map((name) => members[name]).find((one) => typeof one === 'string' || Array.isArray(one))
  const name = written ?? (isMembers(source) ? (source.pointer ?? source.parameter) : undefined)
  // RFC 7807 names its parameters so.
  const place = placeOf(name ?? ('reason' in members ? members.name : undefined))
  const missing = isMembers(params) ? params.missingProperty : undefined
  if (typeof missing === 'string') return [...place, missing]
  return Array.isArray(loc) && place.length === 1 && place[0] === 'body' ? [] : place
}

/** Of express-validator: fields that nobody asked for. */
function unknownFields({ type, fields }: Members): Place[] {
  if (type !== 'unknown_fields' || !Array.isArray(fields)) return []
  return fields.slice(0, maxDetails).map((field) => placeOf(isMembers(field) ? field.path : field))
}

function isListed(value: unknown): boolean {
  return Array.isArray(value) || isMembers(value)
}

/** As much of what an agent says as can be shown: it may be megabytes. */
export function beginningOf(text: string): string {
  return text.slice(0, maxSentence).trim()
}

/** A list or object that was written into a sentence, as zod 4 does. */
export function jsonIn(sentence: string): unknown {
  if (!/^\s*[[{]/.test(sentence) || sentence.length > maxInnerJson) return undefined
  const value = looseValue(sentence)
  return isListed(value) ? value : undefined
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
