/** JSON as text: payloads are kept to the byte, as JavaScript would round numbers and Python writes NaN. */

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

/** Lenient: NaN and unbalanced brackets pass, an open string ends the text. */
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

/** Shorter texts are within all limits, and JSON.parse is fastest. */
const shortText = 1000

/** Whether `text` is JSON as Python writes it (with NaN and Infinity), within jsonLimits. */
export function isJson(text: string): boolean {
  if (text.length > shortText) return scanJson(text, { isPython: true }).problem === undefined
  return isStrictJson(text) || isStrictJson(withoutNaN(text))
}

/** Whether `text` is standard JSON, within jsonLimits. */
export function isStrictJson(text: string): boolean {
  if (text.length > shortText) return scanJson(text).problem === undefined
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Replaces NaN and Infinity by null; all else keeps its digits. */
export function withoutNaN(text: string): string {
  return /NaN|Infinity/.test(text) ? nullsAt(text, scanJson(text, { isPython: true }).notNumbers) : text
}

function nullsAt(text: string, positions: number[]): string {
  const parts: string[] = []
  let copied = 0
  for (const at of positions) {
    parts.push(text.slice(copied, at))
    copied = at + notNumberWords.find((word) => text.startsWith(word, at))!.length
  }
  return [...parts, text.slice(copied)].join('null')
}

/** The value, NaN read as null; undefined when not JSON or beyond jsonLimits. Long numbers lose digits. */
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

/** Members or items (by index) as raw texts, lazily. `text` must have passed isJson. */
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

/** As jsonEntries; the last of a repeated name counts. Undefined when not an object. */
export function jsonMembers(text: string): Map<string, string> | undefined {
  return text[spaceEnd(text, 0)] === '{' ? new Map(jsonEntries(text)) : undefined
}

export function jsonItems(text: string): string[] | undefined {
  return text[spaceEnd(text, 0)] === '[' ? Array.from(jsonEntries(text), ([, item]) => item) : undefined
}

function unquoted(json: string): string {
  return json.startsWith('"') && !json.includes('\\') ? json.slice(1, -1) : JSON.parse(json)
}

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

/** The raw text at a JSON pointer (RFC 6901). */
export function jsonAt(text: string, pointer: string): string | undefined {
  try {
    return pointer.split('/').slice(1).reduce<string | undefined>(memberAt, text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function memberAt(value: string | undefined, step: string): string | undefined {
  if (value === undefined) return undefined
  const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
  return value.trimStart().startsWith('[') ? jsonItems(value)?.[Number(name)] : jsonMembers(value)?.get(name)
}

export function jsonDepth(text: string): number {
  let depth = 0
  let maxDepth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = stringEnd(text, at) - 1
    else if (code === openList || code === openObject) maxDepth = Math.max(maxDepth, ++depth)
    else if (code === closeList || code === closeObject) depth--
  }
  return maxDepth
}

export function jsonObject(members: Iterable<readonly [string, string]>): string {
  return `{${Array.from(members, ([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
}

/** The value, with numbers that JSON.stringify writes back digit by digit. Throws SyntaxError. */
export function exactValue(text: string): unknown {
  if (!isStrictJson(text)) throw new SyntaxError('This is not JSON, or more than is read.')
  return JSON.parse(text, (_name, value, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && String(value) !== context.source
      ? JSON.rawJSON(context.source)
      : value,
  )
}

/** Why `text` is not JSON, or beyond jsonLimits, as a sentence with line and column. */
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

export function presentExcess(kind: 'deep' | 'many'): string {
  return kind === 'deep'
    ? `This JSON is nested deeper than ${jsonLimits.depth.toLocaleString('en-US')} levels.`
    : `This JSON has more than ${jsonLimits.values.toLocaleString('en-US')} values and names.`
}
