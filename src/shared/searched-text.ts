import { stringEnd } from './json.ts'
import { indexedTerms, tokens } from './search-words.ts'

/**
 * A longer payload, in UTF-16 units, is in no index: to take it apart would hold everything up, and its words would
 * outgrow the history. It is read when somebody searches.
 */
const longestIndexed = 128 * 1024

/** Whether an index can have all words of a payload. */
export const isIndexable = (payload: string | null): boolean => payload === null || payload.length <= longestIndexed

/** What an index takes in of a payload (inputs, outputs, or an error): its terms, each once, with a space between. */
export function indexedText(payload: string | null): string {
  return [...indexedTerms(tokens(searchedText(payload)))].join(' ')
}

/**
 * What of a payload is searched: its values without the names they stand under, a line for each, numbers as they are
 * written, null left out. What is not JSON counts as it stands.
 */
export function searchedText(payload: string | null): string {
  return payload === null ? '' : valuesOf(payload)
}

const literal = /(?:-?\d[\d.eE+-]*|true|false|null|NaN|-?Infinity)(?![^\s,:\]}])/y
/** By code, 1 for what stands between values. */
const skipped = Uint8Array.from({ length: 128 }, (_, sign) =>
  ' \t\n\r{}[],:'.includes(String.fromCharCode(sign)) ? 1 : 0,
)
const quote = 0x22
const colon = 0x3a

/** The values in a JSON text, or the text where it is no JSON. JSON that breaks off counts up to there. */
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
    // A string before a colon is a name.
    if (sign !== quote || !isBeforeColon(text, end)) {
      const written = text.slice(at, end)
      const value = sign === quote ? unquoted(written) : written
      if (written !== 'null') values.push(value)
    }
    at = end
  }
  return values.join('\n')
}

/** Python's repr of a dict. Its escapes would hang on to the words behind them. */
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

/** What a JSON string says; of one that is cut off, what there is of it. */
function unquoted(json: string): string {
  if (!json.includes('\\')) return json.endsWith('"') ? json.slice(1, -1) : json.slice(1)
  // Up to five characters can be left of the last escape.
  for (const left of [-1, 0, 1, 2, 3, 4, 5]) {
    try {
      return JSON.parse(left < 0 ? json : `${json.slice(0, json.length - left)}"`)
    } catch {}
  }
  return json
}
