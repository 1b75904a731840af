/** Splits texts into words, for the index and for searches alike. Case, accents and compatibility forms are folded
 * (`Straße`, `café`, `ﬁ`). In scripts without spaces, Korean and emoji, any part of a text can be found. */

/** Raise it when texts are split differently: the index is rebuilt then. */
export const wordsVersion = 2

export function tokens(text: string): string[] {
  const plain = caseless(text)
  if (isAscii.test(plain)) return plain.match(asciiWord) ?? []
  return plain.length > maxAtOnce ? longTokens(plain) : (plain.match(piece) ?? [])
}

/** For words too long for the regular expression to backtrack. */
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

export function caseless(text: string): string {
  return text.replace(beyondAscii, folded).toLowerCase()
}

export const inSpaces = (words: string[]): string => ` ${words.join(' ')} `

/** Whether the words occur in sequence. `isBegun`: the last one may be a prefix (`refund*`). */
export function isInRow(text: string, words: string[], isBegun = false): boolean {
  const [first = '', last = ''] = [words[0], words.at(-1)]
  return text.includes(`${isRun(first) ? '' : ' '}${words.join(' ')}${isBegun || isRun(last) ? '' : ' '}`)
}

/** The terms an index has of words: a run becomes its pairs of characters, and its last one. */
export function indexedTerms(words: string[]): Set<string> {
  const terms = new Set<string>()
  for (const word of words) {
    if (!isRun(word)) terms.add(word)
    else for (const pair of pairsOf(word)) terms.add(pair)
  }
  return terms
}

export type WantedTerm = { text: string; isBegun: boolean }

/** The terms that every text with these words in sequence has in the index; repeated words repeat theirs. */
export function wantedTerms(words: string[], isBegun = false): WantedTerm[] {
  return words.flatMap((word, index) => {
    if (!isRun(word)) return [{ text: word, isBegun: isBegun && index === words.length - 1 }]
    const pairs = pairsOf(word)
    // Its last character may have another behind it.
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

const runSign = String.raw`[[\p{L}\p{N}\p{M}]&&[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Hang}\p{scx=Yiii}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Lana}\p{scx=Tale}\p{scx=Talu}\p{scx=Tavt}]]|[[\p{Extended_Pictographic}\p{Regional_Indicator}]--[\x00-\x7f]]`
const pieceUpTo = (max: number | '') =>
  new RegExp(
    String.raw`(?:${runSign}){1,${max}}|(?:[a-z0-9]{1,${max}}|(?!${runSign})[\p{L}\p{N}\p{M}]){1,${max}}`,
    'gv',
  )
const piece = pieceUpTo('')
const maxAtOnce = 128 * 1024
const partOfPiece = pieceUpTo(1000)
const run = new RegExp(`^(?:${runSign})`, 'v')
const isRun = (word: string) => word > '\x7f' && run.test(word)

/** Marks that are accents: not Indian vowels, nor what distinguishes `が` from `か`. */
const accent =
  /[[\p{M}&&[\p{scx=Zinh}\p{scx=Latn}\p{scx=Grek}\p{scx=Cyrl}\p{scx=Hebr}\p{scx=Arab}\p{scx=Syrc}\p{scx=Copt}]]--[\u3099\u309a]]/gv
const unseen = /[\p{Cf}\u{1f3fb}-\u{1f3ff}]/gv
/** Sorting a thousand marks takes seconds. */
const tooManyMarks = /(?<=\p{M}{8})\p{M}/gu
const strokes: Record<string, string> = { ø: 'o', ł: 'l', đ: 'd', ħ: 'h', ŧ: 't', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe' }
const stroked = /[øłđħŧðþæœ]/g

/** Folding takes a microsecond each. */
const known = new Map<string, string>()
const maxKnownLength = 4
const maxKnown = 20_000

function folded(signs: string): string {
  const before = known.get(signs)
  if (before !== undefined) return before
  const plain = fold(signs)
  if (signs.length <= maxKnownLength && known.size < maxKnown) known.set(signs, plain)
  return plain
}

function fold(signs: string): string {
  const apart = signs.replace(tooManyMarks, '').normalize('NFKD').replace(accent, '').replace(unseen, '')
  const lower = apart.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ').replace(accent, '')
  return lower.replace(stroked, (letter) => strokes[letter]!).normalize('NFC')
}
