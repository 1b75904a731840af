import { tokens } from '../../../shared/search/words.ts'
import { couldBeId } from './ids.ts'
import { readRunField } from './own-fields.ts'
import {
  isQuote,
  match,
  misplacedStar,
  noNot,
  nothingAfter,
  noWord,
  type Piece,
  type Read,
  readBare,
  readPath,
  readQuoted,
  readSign,
  readValue,
  type SearchError,
  spaceEnd,
  unclosed,
} from './pieces.ts'
import { anyValue, type Comparison, isBegun, type SearchTerm, type Side } from './terms.ts'
import { unknownField } from './unknown-field.ts'

const maxCharacters = 1000
const maxTerms = 32

/** `out."word count" > 400`, `-status:failed,lost`: docs/history-index.md has them all. Within quotes, two quotes are
 * one. Fields are named in small letters, so `Error: refused` are words; so are addresses, times, and whatever else
 * has a sign with no name or no value beside it. */
export function parseSearch(text: string): { value: SearchTerm[] } | SearchError {
  if (text.length > maxCharacters) return { error: 'Use at most 1,000 characters.', at: maxCharacters }
  const terms: SearchTerm[] = []
  let count = 0
  let bracketAt: number | undefined
  let orAt: number | undefined
  let isOr = false
  for (let at = spaceEnd(text, 0); at < text.length; ) {
    const between = match(operator, text, at)
    if (between !== undefined && terms.length > 0) {
      if (isOr) return nothingBeside(at)
      if (between === 'OR') orAt = at
      isOr = between === 'OR'
      at = spaceEnd(text, at + between.length)
      if (at === text.length) return nothingBeside(text.length)
      continue
    }
    if (between === 'OR') return nothingBeside(at)
    if (count++ === maxTerms) return { error: `Look for at most ${maxTerms} things at a time.`, at }
    const not = match(negation, text, at) ?? ''
    const isNot = not !== ''
    const read = readTerm(text, at + not.length)
    if ('error' in read) return read
    if (read.term.kind === 'words' && bracket.test(text.slice(at, read.end))) bracketAt ??= at
    const term = { isNot, ...read.term } as SearchTerm
    if (isOr) terms.push(either(terms.pop()!, term))
    else terms.push(term)
    isOr = false
    at = spaceEnd(text, read.end)
  }
  if (orAt !== undefined && bracketAt !== undefined) {
    return {
      error: 'Leave out the brackets: OR stands between the two terms next to it, and all other terms must match.',
      at: bracketAt,
    }
  }
  return { value: terms }
}

/** `in.topic` or `out."my field".score`; undefined for other text. */
export function readFieldName(text: string): { side: Side; path: string[] } | undefined {
  const side = match(sideName, text, 0)
  const path = side === undefined ? undefined : readPath(text, side.length)
  if (!path || 'error' in path || path.end < text.length) return undefined
  return { side: side as Side, path: path.names }
}

const operator = /(?:OR|AND)(?=\s|$)/y
const negation = /-|NOT\s+(?=[^\s-])/y
/** That only opens, or only closes. */
const bracket = /^-?\([^)]*$|^[^("“”„]*\)$/

function either(one: SearchTerm, other: SearchTerm): SearchTerm {
  return { isNot: false, kind: 'any', terms: one.kind === 'any' ? [...one.terms, other] : [one, other] }
}

function nothingBeside(at: number): SearchError {
  return { error: 'Write a term on both sides of OR, or put it in quotes to look for the word.', at }
}

function readTerm(text: string, at: number): Read {
  // Only after a dash.
  if (spaceEnd(text, at) > at || at === text.length) {
    return { error: 'Write right after “-” what is not wanted, as in -failed, or leave it out.', at: at - 1 }
  }
  if (isQuote(text[at])) {
    const phrase = readQuoted(text, at)
    return phrase ? wordsOf(phrase, text, at) : unclosed(at)
  }
  return (
    readField(text, at) ?? readRunField(text, at) ?? unknownField(text, at) ?? wordsOf(readBare(text, at), text, at)
  )
}

function wordsOf({ text: phrase, end }: Piece, text: string, at: number): Read {
  const isQuoted = isQuote(text[at])
  const words = tokens(phrase)
  if (words.length === 0) return noWord(text.slice(at, end), at)
  const error = misplacedStar(phrase, isQuoted, at)
  if (error) return error
  const id = !isQuoted && couldBeId(phrase) ? { id: phrase } : {}
  return { term: { kind: 'words', words, ...(isBegun(phrase) ? { isBegun: true } : id) }, end }
}

const sideName = /in|out/y

function readField(text: string, at: number): Read | undefined {
  const side = match(sideName, text, at)
  const path = side === undefined ? undefined : readPath(text, at + side.length)
  if (!path || 'error' in path) return path
  const name = text.slice(at, path.end)
  const read = readSign(text, path.end, path.names.length > 0)
  // With quotes, a field was meant; `out.txt` can be a word.
  if (!read) return /["“”„]/.test(name) ? nothingAfter(`${name}:`, path.end) : undefined
  const { sign, end: after } = read
  if (sign === '!=') return noNot(name, path.end)
  const value = readValue(text, after)
  if ('error' in value) return value
  const compare = sign as Comparison
  if (value.text === '' && !(value.isQuoted && compare === '='))
    return nothingAfter(text.slice(at, after).trimEnd(), after)
  if (compare === ':' && value.text !== anyValue) {
    if (tokens(value.text).length === 0) return noWord(value.text, after)
    const error = misplacedStar(value.text, value.isQuoted, after)
    if (error) return error
  }
  return { term: { kind: 'field', side: side as Side, path: path.names, compare, value: value.text }, end: value.end }
}
