/**
 * How texts are taken apart into words, for an index and for whoever looks for words: what one says of a text holds for
 * the other, as both have it from here. Nothing in here knows of an index's own rules but that it takes signs beyond
 * ASCII as they are (FTS5's tokenizer `ascii` does).
 *
 * - Case makes no difference, by full case folding (`STRASSE`, `Straße`), nor do accents (`café`, `Łódź`, `Øresund`) and
 *   compatibility forms (`ﬁ`, `Ａ`). An umlaut is its vowel, not `ue`. The signs of scripts in which they are no accents
 *   stay (Hindi, Thai, `が`).
 * - A word is letters and digits in a row; but what is written without spaces (Chinese, Japanese, Thai, Lao, Khmer,
 *   Burmese), Korean with its particles, and emoji are runs, of which any part can be looked for.
 */

/** Raise it whenever a text may be taken apart otherwise than before: an index that was made before is made anew. */
export const wordsVersion = 2

/** The words and runs of a text, in its order, folded. */
export function tokens(text: string): string[] {
  const plain = caseless(text)
  if (isAscii.test(plain)) return plain.match(asciiWord) ?? []
  return plain.length > longestAtOnce ? longTokens(plain) : (plain.match(piece) ?? [])
}

/** The same, where a word may have more signs than a regular expression has room to keep its ways back from. */
function longTokens(plain: string): string[] {
  const words: string[] = []
  let [start, end, isOfRun] = [0, 0, false]
  for (const { 0: part, index } of plain.matchAll(partOfPiece)) {
    if (index !== end || isRun(part) !== isOfRun) {
      words.push(plain.slice(start, end))
      start = index
      isOfRun = isRun(part)
    }
    end = index + part.length
  }
  return [...words, plain.slice(start, end)].filter((word) => word !== '')
}

/** The text without the differences that `tokens` ignores; the signs between words stay. */
export function caseless(text: string): string {
  return text.replace(beyondAscii, folded).toLowerCase()
}

/** A text as `isInRow` takes it: its words with a space around each. */
export const inSpaces = (words: string[]): string => ` ${words.join(' ')} `

/**
 * Whether words stand in a row in a text. Where the row begins or ends with a run, that may be part of a longer one; the
 * last word may be only begun (`refund*`).
 */
export function isInRow(text: string, words: string[], isBegun = false): boolean {
  const [first = '', last = ''] = [words[0], words.at(-1)]
  return text.includes(`${isRun(first) ? '' : ' '}${words.join(' ')}${isBegun || isRun(last) ? '' : ' '}`)
}

/** What an index has of words: each once. Of a run these are its pairs of signs, and its last sign. */
export function indexedTerms(words: string[]): Set<string> {
  const terms = new Set<string>()
  for (const word of words) {
    if (!isRun(word)) terms.add(word)
    else for (const pair of pairsOf(word)) terms.add(pair)
  }
  return terms
}

/** A term of an index, or the beginning of one. */
export type WantedTerm = { text: string; isBegun: boolean }

/** The terms that an index has of every text in which words stand in a row; twice what the words say twice. */
export function wantedTerms(words: string[], isBegun = false): WantedTerm[] {
  return words.flatMap((word, index) => {
    if (!isRun(word)) return [{ text: word, isBegun: isBegun && index === words.length - 1 }]
    const pairs = pairsOf(word)
    // Its last sign may have another behind it.
    return pairs.length === 1
      ? [{ text: word, isBegun: true }]
      : pairs.slice(0, -1).map((text) => ({ text, isBegun: false }))
  })
}

function pairsOf(run: string): string[] {
  const signs = Array.from(run)
  return signs.map((sign, index) => sign + (signs[index + 1] ?? ''))
}

const beyondAscii = /[^\x00-\x7f]+/g
const isAscii = /^[\x00-\x7f]*$/
const asciiWord = /[a-z0-9]+/g

/** Letters, digits and their marks of scripts without spaces, of Korean, and emoji. */
const runSign = String.raw`[[\p{L}\p{N}\p{M}]&&[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Hang}\p{scx=Yiii}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Lana}\p{scx=Tale}\p{scx=Talu}\p{scx=Tavt}]]|[[\p{Extended_Pictographic}\p{Regional_Indicator}]--[\x00-\x7f]]`
const pieceUpTo = (most: number | '') =>
  new RegExp(
    String.raw`(?:${runSign}){1,${most}}|(?:[a-z0-9]{1,${most}}|(?!${runSign})[\p{L}\p{N}\p{M}]){1,${most}}`,
    'gv',
  )
const piece = pieceUpTo('')
const longestAtOnce = 128 * 1024
const partOfPiece = pieceUpTo(1000)
const run = new RegExp(`^(?:${runSign})`, 'v')
const isRun = (word: string) => word > '\x7f' && run.test(word)

/** Marks that are accents: not the vowels of Indian scripts, nor what tells `が` from `か`. */
const accent =
  /[[\p{M}&&[\p{scx=Zinh}\p{scx=Latn}\p{scx=Grek}\p{scx=Cyrl}\p{scx=Hebr}\p{scx=Arab}\p{scx=Syrc}\p{scx=Copt}]]--[\u3099\u309a]]/gv
/** What is not seen: joiners, directions, soft hyphens; and the colour of a hand. */
const unseen = /[\p{Cf}\u{1f3fb}-\u{1f3ff}]/gv
/** To put a thousand marks in order takes seconds. */
const tooManyMarks = /(?<=\p{M}{8})\p{M}/gu
/** Letters with a stroke and the like, which no decomposition takes apart. */
const strokes: Record<string, string> = { ø: 'o', ł: 'l', đ: 'd', ħ: 'h', ŧ: 't', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe' }
const stroked = /[øłđħŧðþæœ]/g

/** Accented letters, quotes and dashes, one by one: to fold them takes a microsecond each. */
const known = new Map<string, string>()
const longestKnown = 4
const mostKnown = 20_000

function folded(signs: string): string {
  const before = known.get(signs)
  if (before !== undefined) return before
  const plain = fold(signs)
  if (signs.length <= longestKnown && known.size < mostKnown) known.set(signs, plain)
  return plain
}

function fold(signs: string): string {
  const apart = signs.replace(tooManyMarks, '').normalize('NFKD').replace(accent, '').replace(unseen, '')
  const lower = apart.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ').replace(accent, '')
  return lower.replace(stroked, (letter) => strokes[letter]!).normalize('NFC')
}
