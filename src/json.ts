/**
 * JSON as text. Agents send numbers that JavaScript cannot hold and Python's bare NaN, and a run must be repeatable
 * to the byte, so what an agent or a user sent is kept and cut as text and only looked into, never rebuilt.
 */

declare global {
  interface JSON {
    rawJSON(text: string): unknown
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
  let quote = text.indexOf('"', start + 1)
  while (quote > 0) {
    let escapes = 0
    while (text[quote - 1 - escapes] === '\\') escapes++
    if (escapes % 2 === 0) return quote + 1
    quote = text.indexOf('"', quote + 1)
  }
  return text.length
}

function literalEnd(text: string, start: number): number {
  literal.lastIndex = start
  return start + (literal.exec(text)?.[0].length ?? 1)
}

/** Whether `text` is JSON as Python writes it: JSON, or JSON with bare NaN, Infinity and -Infinity. */
export function isJson(text: string): boolean {
  return isStrictJson(text) || isStrictJson(withoutNaN(text))
}

/** Whether `text` is JSON by the standard. */
export function isStrictJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const notNumbers = new Set(['NaN', 'Infinity', '-Infinity'])

/** The text with null in place of Python's bare NaN, Infinity and -Infinity; all else keeps its digits. */
export function withoutNaN(text: string): string {
  if (!/NaN|Infinity/.test(text)) return text
  let result = ''
  let copied = 0
  for (const { kind, start, end } of jsonTokens(text)) {
    if (kind !== 'literal' || !notNumbers.has(text.slice(start, end))) continue
    result += `${text.slice(copied, start)}null`
    copied = end
  }
  return result + text.slice(copied)
}

/** The value of a JSON text, NaN read as null. Undefined when it is not JSON. Long numbers lose digits: only look. */
export function looseValue(text: string): unknown {
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
  let at = afterSpace(text, 0)
  const isObject = text[at] === '{'
  if (!isObject && text[at] !== '[') return
  at = afterSpace(text, at + 1)
  for (let index = 0; at < text.length && text[at] !== '}' && text[at] !== ']'; index++) {
    let name = String(index)
    if (isObject) {
      const nameEnd = stringEnd(text, at)
      name = unquoted(text.slice(at, nameEnd))
      at = afterSpace(text, afterSpace(text, nameEnd) + 1)
    }
    const end = valueEnd(text, at)
    yield [name, text.slice(at, end)]
    at = afterSpace(text, end)
    if (text[at] === ',') at = afterSpace(text, at + 1)
  }
}

/**
 * The members of a JSON object as their raw texts, by name; of a name that stands twice, the last.
 * Undefined when `text` is not an object. `text` must have passed isJson.
 */
export function jsonMembers(text: string): Map<string, string> | undefined {
  return text[afterSpace(text, 0)] === '{' ? new Map(jsonEntries(text)) : undefined
}

/** The items of a JSON list as their raw texts. Undefined when `text` is not a list. `text` must have passed isJson. */
export function jsonItems(text: string): string[] | undefined {
  return text[afterSpace(text, 0)] === '[' ? Array.from(jsonEntries(text), ([, item]) => item) : undefined
}

/** What a JSON string says. Most have nothing to be unescaped. */
function unquoted(json: string): string {
  return json.startsWith('"') && !json.includes('\\') ? json.slice(1, -1) : JSON.parse(json)
}

function afterSpace(text: string, at: number): number {
  space.lastIndex = at
  return at + (space.exec(text)?.[0].length ?? 0)
}

/** Past the value that begins at `start`. Brackets are counted, so that whatever they hold costs one look. */
function valueEnd(text: string, start: number): number {
  if (text[start] === '"') return stringEnd(text, start)
  if (text[start] !== '{' && text[start] !== '[') return literalEnd(text, start)
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (character === '"') at = stringEnd(text, at) - 1
    else if (character === '{' || character === '[') depth++
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1
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
    const character = text[at]
    if (character === '"') at = stringEnd(text, at) - 1
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth)
    else if (character === '}' || character === ']') depth--
  }
  return deepest
}

/** A JSON object text made of members that are JSON texts themselves. */
export function jsonObject(members: Iterable<readonly [string, string]>): string {
  return `{${Array.from(members, ([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
}

/**
 * What JSON.stringify can write back exactly: numbers keep the digits they were written with.
 * Throws SyntaxError, and RangeError when the text is nested thousands deep.
 */
export function exactValue(text: string): unknown {
  return JSON.parse(text, (_name, value, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && String(value) !== context.source
      ? JSON.rawJSON(context.source)
      : value,
  )
}

/** Where and why `text` is not JSON, as a sentence with line and column. Undefined when it is. */
export function jsonMistake(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    // "Unexpected token" quotes the text instead of a position, and the text may say "position 5" itself.
    const position = /^(?!Unexpected token).* at position (\d+)/.exec((error as Error).message)?.[1]
    const at = position === undefined ? mistakePosition(text) : Number(position)
    const before = text.slice(0, at).split('\n')
    const where = `line ${before.length}, column ${before.at(-1)!.length + 1}`
    if (text.trim() === '') return 'Enter JSON.'
    return at >= text.trimEnd().length
      ? `This is not valid JSON: it ends too early, at ${where}.`
      : `This is not valid JSON: unexpected ${JSON.stringify(String.fromCodePoint(text.codePointAt(at)!))} at ${where}.`
  }
}

/** V8 leaves the position out of "Unexpected token": the mistake stands after the longest prefix without that complaint. */
function mistakePosition(text: string): number {
  let low = 0
  let high = text.length
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (hasUnexpectedToken(text.slice(0, middle))) high = middle - 1
    else low = middle
  }
  return low
}

function hasUnexpectedToken(prefix: string): boolean {
  try {
    JSON.parse(prefix)
    return false
  } catch (error) {
    return (error as Error).message.startsWith('Unexpected token')
  }
}
