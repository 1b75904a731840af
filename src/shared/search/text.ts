import { stringEnd } from '../json/tokens.ts'
import { indexedTerms, tokens } from './words.ts'

/** In UTF-16 units. Longer payloads are not indexed but read during a search. */
const maxIndexedLength = 128 * 1024

export const isIndexable = (payload: string | null): boolean => payload === null || payload.length <= maxIndexedLength

export function indexedText(payload: string | null): string {
  return [...indexedTerms(tokens(searchedText(payload)))].join(' ')
}

/** The values of a payload without their names, one per line; text that is not JSON as it is. */
export function searchedText(payload: string | null): string {
  return payload === null ? '' : valuesOf(payload)
}

const literal = /(?:-?\d[\d.eE+-]*|true|false|null|NaN|-?Infinity)(?![^\s,:\]}])/y
const skipped = Uint8Array.from({ length: 128 }, (_, sign) =>
  ' \t\n\r{}[],:'.includes(String.fromCharCode(sign)) ? 1 : 0,
)
const quote = 0x22
const colon = 0x3a

function valuesOf(text: string): string {
  const first = text.trimStart()[0]
  if (first === '"') return onlyString(text.trim()) ?? text
  if (first !== '{' && first !== '[') return text.trim() === 'null' ? '' : text
  const values: string[] = []
  for (let at = 0; at < text.length; ) {
    const sign = text.charCodeAt(at)
    if (skipped[sign] === 1) {
      at++
      continue
    }
    const end = sign === quote ? stringEnd(text, at) : literalEnd(text, at)
    if (end === undefined) return first === '{' ? withoutEscapes(text) : text
    if (sign !== quote || !isBeforeColon(text, end)) {
      const written = text.slice(at, end)
      const value = sign === quote ? unquoted(written) : written
      if (written !== 'null') values.push(value)
    }
    at = end
  }
  return values.join('\n')
}

/** Python's repr: its escapes would stick to the words behind them. */
function withoutEscapes(text: string): string {
  return text.replace(/\\([^\n])/g, (_, sign) => ('nrt'.includes(sign) ? ' ' : sign))
}

function literalEnd(text: string, start: number): number | undefined {
  literal.lastIndex = start
  return literal.test(text) ? literal.lastIndex : undefined
}

function isBeforeColon(text: string, from: number): boolean {
  let at = from
  while (text.charCodeAt(at) <= 0x20) at++
  return text.charCodeAt(at) === colon
}

function onlyString(text: string): string | undefined {
  return stringEnd(text, 0) === text.length ? unquoted(text) : undefined
}

function unquoted(json: string): string {
  if (!json.includes('\\')) return json.endsWith('"') ? json.slice(1, -1) : json.slice(1)
  // Up to five characters of the last escape can be left.
  for (const left of [-1, 0, 1, 2, 3, 4, 5]) {
    try {
      return JSON.parse(left < 0 ? json : `${json.slice(0, json.length - left)}"`)
    } catch {}
  }
  return json
}
