import { stringEnd } from './json.ts'

/** Of each payload this much can be found, in UTF-16 units: an index of more would outgrow the history. */
const mostSearched = 64 * 1024
/** Further into a payload nobody looks, so that one of megabytes costs no more than this. */
const mostRead = 8 * mostSearched

/**
 * What of a payload (inputs, outputs, or an error) is searched: its values without the names they stand under, a line
 * for each, numbers as they are written, null left out. What is not JSON counts as it stands. At most 64 Ki UTF-16 units.
 *
 * It is there for an index and for `tokens`, not to be shown: what is not ASCII is folded as `tokens` says, so that
 * FTS5 with `unicode61 remove_diacritics 2` finds in this text the very words that `tokens` finds in it.
 */
export function searchedText(payload: string | null): string {
  if (payload === null) return ''
  const read = payload.length > mostRead ? payload.slice(0, mostRead) : payload
  return cut(folded(cut(valuesOf(read))))
}

/**
 * The words of a text: its runs of letters and digits in lower case, without accents and other marks, compatibility
 * forms as what they stand for (`ﬁ` as `fi`, `Ａ` as `a`).
 *
 * Left to itself, unicode61 misses words: it takes what Unicode gained since 2012 for letters, so that `done` is not in
 * `🤖done`; it parts words at the vowel signs of Hindi and Thai; it keeps the accents of Greek.
 */
export function tokens(text: string): string[] {
  return folded(text).toLowerCase().match(word) ?? []
}

/** The text without the differences that `tokens` ignores in words; the signs between words stay. */
export function caseless(text: string): string {
  // Marks go first, as putting a thousand of them in order takes seconds, and again where letters were taken apart.
  const plain = text.replace(marks, '').normalize('NFKD').replace(marks, '')
  // At the end of a word Greek writes another sigma. Korean syllables go together again.
  return plain.toLowerCase().replaceAll('ς', 'σ').normalize('NFC')
}

/** Whatever is beyond ASCII in a folded text belongs to a word. */
const word = /[a-z0-9\x80-\uffff]+/g
const beyondAscii = /[^\x00-\x7f]/
const marks = /\p{M}+/gu
/** Those named one by one are letters of today that unicode61 knows as signs. */
const betweenWords = /[^\p{L}\p{N}]|[\u19b0-\u19c0\u19c8\u19c9\u1cf2\u1cf3]/gu
/** What Korean syllables are made of. */
const jamo = /[\u1100-\u11ff]/

function folded(text: string): string {
  const first = text.search(beyondAscii)
  if (first < 0) return text
  let result = ''
  let copied = 0
  for (let at = first; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) continue
    const isPair = isHigh(unit) && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00
    const plain = isPair ? foldedPair(text.slice(at, at + 2)) : (foldedUnits[unit] ?? foldedUnit(unit))
    if (plain === text[at]) continue
    result += text.slice(copied, at) + plain
    if (isPair) at++
    copied = at + 1
  }
  result += text.slice(copied)
  return jamo.test(result) ? result.normalize('NFC') : result
}

/** What signs become: to find it out takes a microsecond. */
const foldedUnits = new Array<string | undefined>(0x10000)
const foldedPairs = new Map<string, string>()
const mostKeptPairs = 5000

function foldedUnit(unit: number): string {
  const plain = foldedSign(String.fromCharCode(unit))
  foldedUnits[unit] = plain
  return plain
}

function foldedPair(pair: string): string {
  const known = foldedPairs.get(pair)
  if (known !== undefined) return known
  const plain = foldedSign(pair)
  if (foldedPairs.size < mostKeptPairs) foldedPairs.set(pair, plain)
  return plain
}

const foldedSign = (sign: string) => caseless(sign).replace(betweenWords, ' ')
const isHigh = (unit: number) => (unit & 0xfc00) === 0xd800

/** At most `mostSearched`, and no half of a surrogate pair at the end. */
function cut(text: string): string {
  if (text.length <= mostSearched) return text
  return text.slice(0, isHigh(text.charCodeAt(mostSearched - 1)) ? mostSearched - 1 : mostSearched)
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
  let length = 0
  for (let at = 0; at < text.length && length < mostSearched; ) {
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
      length += value.length + 1
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
