import { tokens } from '../../../shared/search/words.ts'
import { isBegun, quotes, type SearchTerm } from './terms.ts'

/** What to change, and from which character on it is wrong. */
export type SearchError = { error: string; at: number }
type WithoutNot<Term> = Term extends unknown ? Omit<Term, 'isNot'> : never
export type Read = { term: WithoutNot<SearchTerm>; end: number } | SearchError
export type Piece = { text: string; end: number }

const space = /\s*/y
const bare = /\S*/y
const withinPlain = /(?:[^"]|"")*/y
const withinCurly = /[^”“]*/y
const nameInPath = /[^\s.:<>=!"“”„]+/y

/** `expression` is sticky. */
export function match(expression: RegExp, text: string, at: number): string | undefined {
  expression.lastIndex = at
  return expression.exec(text)?.[0]
}

export function spaceEnd(text: string, at: number): number {
  return at + match(space, text, at)!.length
}

export function isQuote(sign: string | undefined): boolean {
  return sign !== undefined && quotes.includes(sign)
}

export function readBare(text: string, at: number): Piece {
  const piece = match(bare, text, at)!
  return { text: piece, end: at + piece.length }
}

/** Undefined when the quotes are not closed. */
export function readQuoted(text: string, at: number): Piece | undefined {
  const isPlain = text[at] === '"'
  const inside = match(isPlain ? withinPlain : withinCurly, text, at + 1)!
  const end = at + 1 + inside.length
  if (end === text.length) return undefined
  return { text: isPlain ? inside.replaceAll('""', '"') : inside, end: end + 1 }
}

const comparison = /!=|:?(?:>=|<=|==|=|>|<)|:/y
const spacedComparison = /\s+(?:!=|>=|<=|==|=|>|<)(?=\s|[\p{L}\p{N}"“”„$.-])/uy

/** There may be spaces around it, except after a colon. */
export function readSign(text: string, at: number, mayHaveSpaces: boolean): { sign: string; end: number } | undefined {
  const written = match(comparison, text, at) ?? (mayHaveSpaces ? match(spacedComparison, text, at) : undefined)
  if (written === undefined) return undefined
  const end = at + written.length
  const sign = written
    .trim()
    .replace(/^:(?=.)/, '')
    .replace('==', '=')
  return { sign, end: sign !== ':' && mayHaveSpaces ? spaceEnd(text, end) : end }
}

export function readValue(text: string, at: number): (Piece & { isQuoted: boolean }) | SearchError {
  if (!isQuote(text[at])) return { ...readBare(text, at), isQuoted: false }
  const quoted = readQuoted(text, at)
  return quoted ? { ...quoted, isQuoted: true } : unclosed(at)
}

const bareItem = /[^\s,]*/y

function readItem(text: string, at: number): Piece {
  const item = match(bareItem, text, at)!
  return { text: item, end: at + item.length }
}

export function readList(text: string, at: number): { texts: string[]; end: number } | SearchError {
  const texts: string[] = []
  for (let from = at; ; from++) {
    const item = isQuote(text[from]) ? readQuoted(text, from) : readItem(text, from)
    if (!item) return unclosed(from)
    if (item.text !== '') texts.push(item.text)
    from = item.end
    if (text[from] !== ',') return { texts, end: from }
  }
}

/** Undefined when no name follows a dot. */
export function readPath(text: string, from: number): { names: string[]; end: number } | SearchError | undefined {
  const names: string[] = []
  let at = from
  while (text[at] === '.') {
    const start = at + 1
    if (isQuote(text[start])) {
      const quoted = readQuoted(text, start)
      if (!quoted) return unclosed(start)
      names.push(quoted.text)
      at = quoted.end
    } else {
      const name = match(nameInPath, text, start)
      if (name === undefined) return undefined
      names.push(name)
      at = start + name.length
    }
  }
  return { names, end: at }
}

export function unclosed(at: number): SearchError {
  return { error: 'Close the quotes that open here.', at }
}

export function noWord(text: string, at: number): SearchError {
  return { error: `There is no letter or digit to look for in ${text}. Leave it out, or add a word.`, at }
}

const starWithin = /\*[\p{L}\p{N}]/u
const fewestLetters = 2

/** `*` is the rest of a word. In quotes, only at the end. */
export function misplacedStar(text: string, isQuoted: boolean, at: number): SearchError | undefined {
  if (!isQuoted && starWithin.test(text)) {
    return {
      error: `“*” stands for the end of a word, as in refund*. Put ${text} in quotes to look for it as it is.`,
      at,
    }
  }
  const begun = isBegun(text) ? (tokens(text).at(-1) ?? '') : undefined
  if (begun === undefined || begun.length >= fewestLetters || begun > '\x7f') return undefined
  return { error: `Write at least ${fewestLetters} letters before “*”.`, at }
}

export function nothingAfter(written: string, at: number): SearchError {
  return { error: `Write what to look for right after “${written}”, without a space.`, at }
}

export function noNot(name: string, at: number): SearchError {
  return { error: `“!=” is not supported. Put “-” in front of a term to exclude it, as in -${name}:word.`, at }
}
