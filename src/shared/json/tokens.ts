import { backslash, closeList, closeObject, openList, openObject, quote } from './signs.ts'

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

export function literalEnd(text: string, start: number): number {
  literal.lastIndex = start
  return start + (literal.exec(text)?.[0].length ?? 1)
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
