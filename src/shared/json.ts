/**
 * JSON as text. Agents send numbers that JavaScript cannot hold and Python's bare NaN, and a run must be repeatable
 * to the byte, so what an agent or a user sent is kept and cut as text and only looked into, never rebuilt.
 */

import { jsonLimits, notNumberWords, scanJson, spaceEnd } from './json/scan.ts'
import { backslash, closeList, closeObject, openList, openObject, quote } from './json/signs.ts'

declare global {
  interface JSON {
    rawJSON(text: string): unknown
    isRawJSON(value: unknown): value is { rawJSON: string }
  }
}

export type JsonToken = {
  kind: 'open' | 'close' | 'comma' | 'colon' | 'string' | 'literal'
  start: number
  end: number
}

const kinds: Record<string, JsonToken['kind']> = {
  '{': 'open',
  '[': 'open',
  '}': 'close',
  ']': 'close',
  ',': 'comma',
  ':': 'colon',
}
const space = /[\s]*/y
const literal = /[^\s,:[\]{}"]+/y

/** The tokens of a JSON text, by position. Lenient: NaN and unbalanced brackets pass, an open string ends the text. */
export function* jsonTokens(text: string): Generator<JsonToken> {
  let at = 0
  while (at < text.length) {
    space.lastIndex = at
    at += space.exec(text)![0].length
    if (at >= text.length) return
    const kind = kinds[text[at]!]
    const end = kind ? at + 1 : text[at] === '"' ? stringEnd(text, at) : literalEnd(text, at)
    yield { kind: kind ?? (text[at] === '"' ? 'string' : 'literal'), start: at, end }
    at = end
  }
}

/** Past the string that begins at `start`; the length of the text when it stays open. */
export function stringEnd(text: string, start: number): number {
  const end = text.indexOf('"', start + 1)
  if (end < 0) return text.length
  if (text.charCodeAt(end - 1) !== backslash) return end + 1
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) return at + 1
    if (code === backslash) at++
  }
  return text.length
}

function literalEnd(text: string, start: number): number {
  literal.lastIndex = start
  return start + (literal.exec(text)?.[0].length ?? 1)
}

/** A text so short is within all limits, and nothing reads it faster than JSON.parse. */
const shortText = 1000

/** Whether `text` is JSON as Python writes it: JSON, or JSON with bare NaN, Infinity and -Infinity, within jsonLimits. */
export function isJson(text: string): boolean {
  if (text.length > shortText) return scanJson(text, { isPython: true }).problem === undefined
  return isStrictJson(text) || isStrictJson(withoutNaN(text))
}

/** Whether `text` is JSON by the standard, within jsonLimits. */
export function isStrictJson(text: string): boolean {
  if (text.length > shortText) return scanJson(text).problem === undefined
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/**
 * The text with null in place of Python's bare NaN, Infinity and -Infinity; all else keeps its digits. A text beyond
 * jsonLimits comes back as it is.
 */
export function withoutNaN(text: string): string {
  return /NaN|Infinity/.test(text) ? nullsAt(text, scanJson(text, { isPython: true }).notNumbers) : text
}

function nullsAt(text: string, places: number[]): string {
  const parts: string[] = []
  let copied = 0
  for (const at of places) {
    parts.push(text.slice(copied, at))
    copied = at + notNumberWords.find((word) => text.startsWith(word, at))!.length
  }
  return [...parts, text.slice(copied)].join('null')
}

/**
 * The value of a JSON text, NaN read as null. Undefined when it is not JSON, or beyond jsonLimits. Long numbers lose
 * digits: only look.
 */
export function looseValue(text: string): unknown {
  if (text.length > shortText) {
    const { problem, notNumbers } = scanJson(text, { isPython: true })
    return problem === undefined ? JSON.parse(nullsAt(text, notNumbers)) : undefined
  }
  for (const candidate of [text, withoutNaN(text)]) {
    try {
      return JSON.parse(candidate)
    } catch {}
  }
  return undefined
}

/**
 * The members of a JSON object, or the items of a list under their indexes, as raw texts, one after the other: who has
 * seen enough stops. Nothing for any other value. `text` must have passed isJson.
 */
export function* jsonEntries(text: string): Generator<[name: string, value: string]> {
  let at = spaceEnd(text, 0)
  const isObject = text[at] === '{'
  if (!isObject && text[at] !== '[') return
  at = spaceEnd(text, at + 1)
  for (let index = 0; at < text.length && text[at] !== '}' && text[at] !== ']'; index++) {
    let name = String(index)
    if (isObject) {
      const nameEnd = stringEnd(text, at)
      name = unquoted(text.slice(at, nameEnd))
      at = spaceEnd(text, spaceEnd(text, nameEnd) + 1)
    }
    const end = valueEnd(text, at)
    yield [name, text.slice(at, end)]
    at = spaceEnd(text, end)
    if (text[at] === ',') at = spaceEnd(text, at + 1)
  }
}

/**
 * The members of a JSON object as their raw texts, by name; of a name that stands twice, the last.
 * Undefined when `text` is not an object. `text` must have passed isJson.
 */
export function jsonMembers(text: string): Map<string, string> | undefined {
  return text[spaceEnd(text, 0)] === '{' ? new Map(jsonEntries(text)) : undefined
}

/** The items of a JSON list as their raw texts. Undefined when `text` is not a list. `text` must have passed isJson. */
export function jsonItems(text: string): string[] | undefined {
  return text[spaceEnd(text, 0)] === '[' ? Array.from(jsonEntries(text), ([, item]) => item) : undefined
}

/** What a JSON string says. Most have nothing to be unescaped. */
function unquoted(json: string): string {
  return json.startsWith('"') && !json.includes('\\') ? json.slice(1, -1) : JSON.parse(json)
}

/** Past the value that begins at `start`. Brackets are counted, so that whatever they hold costs one look. */
function valueEnd(text: string, start: number): number {
  if (text[start] === '"') return stringEnd(text, start)
  if (text[start] !== '{' && text[start] !== '[') return literalEnd(text, start)
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = stringEnd(text, at) - 1
    else if (code === openList || code === openObject) depth++
    else if ((code === closeList || code === closeObject) && --depth === 0) return at + 1
  }
  return text.length
}

/** The raw text of the value at a JSON pointer (RFC 6901), or undefined where there is none. */
export function jsonAt(text: string, pointer: string): string | undefined {
  try {
    return pointer.split('/').slice(1).reduce<string | undefined>(memberAt, text)
  } catch (error) {
    // The text is no JSON.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function memberAt(value: string | undefined, step: string): string | undefined {
  if (value === undefined) return undefined
  const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
  return value.trimStart().startsWith('[') ? jsonItems(value)?.[Number(name)] : jsonMembers(value)?.get(name)
}

/** How deep the brackets of a JSON text are nested. */
export function jsonDepth(text: string): number {
  let depth = 0
  let deepest = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = stringEnd(text, at) - 1
    else if (code === openList || code === openObject) deepest = Math.max(deepest, ++depth)
    else if (code === closeList || code === closeObject) depth--
  }
  return deepest
}

/** A JSON object text made of members that are JSON texts themselves. */
export function jsonObject(members: Iterable<readonly [string, string]>): string {
  return `{${Array.from(members, ([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
}

/**
 * What JSON.stringify can write back exactly: numbers keep the digits they were written with.
 * Throws SyntaxError, beyond jsonLimits too.
 */
export function exactValue(text: string): unknown {
  if (!isStrictJson(text)) throw new SyntaxError('This is not JSON, or more than is read.')
  return JSON.parse(text, (_name, value, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && String(value) !== context.source
      ? JSON.rawJSON(context.source)
      : value,
  )
}

/** Where and why `text` is not JSON, or more than is read, as a sentence with line and column. Undefined when it is. */
export function jsonError(text: string): string | undefined {
  const { problem } = scanJson(text)
  if (problem === undefined) return undefined
  if (problem.kind !== 'syntax') return presentExcess(problem.kind)
  const before = text.slice(0, problem.at).split('\n')
  const where = `line ${before.length}, column ${before.at(-1)!.length + 1}`
  if (text.trim() === '') return 'Enter JSON.'
  return problem.at >= text.trimEnd().length
    ? `This is not valid JSON: it ends too early, at ${where}.`
    : `This is not valid JSON: unexpected ${JSON.stringify(String.fromCodePoint(text.codePointAt(problem.at)!))} at ${where}.`
}

/** What a text has too much of to be read, as a sentence. */
export function presentExcess(kind: 'deep' | 'many'): string {
  return kind === 'deep'
    ? `This JSON is nested deeper than ${jsonLimits.depth.toLocaleString('en-US')} levels.`
    : `This JSON has more than ${jsonLimits.values.toLocaleString('en-US')} values and names.`
}
