import { tokens } from '../search-words.ts'
import { type Comparison, isBegun, type SearchTerm, type Side } from './run-search.ts'
import { unknownField } from './run-search-names.ts'
import {
  isQuote,
  match,
  misplacedStar,
  noNot,
  nothingAfter,
  noWord,
  type Piece,
  readBare,
  readPath,
  readQuoted,
  readValue,
  type SearchMistake,
  spaceEnd,
  unclosed,
} from './run-search-pieces.ts'

type WithoutNot<Term> = Term extends unknown ? Omit<Term, 'isNot'> : never
type Read = { term: WithoutNot<SearchTerm>; end: number } | SearchMistake

const longestSearch = 1000
const mostTerms = 32

/**
 * Reads a search: words, "words in a row", `in.topic:safety`, `out."word count">400`, `status:failed`, and `-` before
 * any of them for not. All of it must hold. Within quotes, two quotes are one. Fields are named in small letters, so
 * `Error: refused` are words; so are addresses, times, and whatever else has a sign with no name or no value beside it.
 */
export function parseSearch(text: string): { terms: SearchTerm[] } | SearchMistake {
  if (text.length > longestSearch) return { mistake: 'Use at most 1,000 characters.', at: longestSearch }
  const terms: SearchTerm[] = []
  for (let at = spaceEnd(text, 0); at < text.length; ) {
    if (terms.length === mostTerms) return { mistake: `Look for at most ${mostTerms} things at a time.`, at }
    const isNot = text[at] === '-'
    const read = readTerm(text, isNot ? at + 1 : at)
    if ('mistake' in read) return read
    terms.push({ isNot, ...read.term })
    at = spaceEnd(text, read.end)
  }
  return { terms }
}

/** What `in.topic` or `out."my field".score` names; undefined when the text is not that, and that alone. */
export function readFieldName(text: string): { side: Side; path: string[] } | undefined {
  const side = match(sideName, text, 0)
  const path = side === undefined ? undefined : readPath(text, side.length)
  if (!path || 'mistake' in path || path.end < text.length) return undefined
  return { side: side as Side, path: path.names }
}

function readTerm(text: string, at: number): Read {
  // Only a dash can have brought us here.
  if (spaceEnd(text, at) > at || at === text.length) {
    return { mistake: 'Write right after “-” what is not wanted, as in -failed, or leave it out.', at: at - 1 }
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
  const words = tokens(phrase)
  if (words.length === 0) return noWord(text.slice(at, end), at)
  const mistake = misplacedStar(phrase, isQuote(text[at]), at)
  return mistake ?? { term: { kind: 'words', words, ...(isBegun(phrase) && { isBegun: true }) }, end }
}

const sideName = /in|out/y
const runField = /(?:status|agent|workflow|error)(?=[:<>=]|!=)/y
const comparison = /!=|:?(?:>=|<=|==|=|>|<)|:/y

function readField(text: string, at: number): Read | undefined {
  const side = match(sideName, text, at)
  const path = side === undefined ? undefined : readPath(text, at + side.length)
  if (!path || 'mistake' in path) return path
  const name = text.slice(at, path.end)
  const sign = match(comparison, text, path.end)
  // What has quotes in it was meant as a field; `out.txt` can be a word.
  if (sign === undefined) return /["“”„]/.test(name) ? nothingAfter(`${name}:`, path.end) : undefined
  if (sign === '!=') return noNot(name, path.end)
  const after = path.end + sign.length
  const value = readValue(text, after)
  if ('mistake' in value) return value
  const compare = sign.replace(/^:(?=.)/, '').replace('==', '=') as Comparison
  if (value.text === '' && !(value.isQuoted && compare === '=')) return nothingAfter(name + sign, after)
  if (compare === ':') {
    if (tokens(value.text).length === 0) return noWord(value.text, after)
    const mistake = misplacedStar(value.text, value.isQuoted, after)
    if (mistake) return mistake
  }
  return { term: { kind: 'field', side: side as Side, path: path.names, compare, value: value.text }, end: value.end }
}

const examples = {
  status: 'status:failed',
  agent: 'agent:writer',
  workflow: 'workflow:"Article writer"',
  error: 'error:refused',
}

function readRunField(text: string, at: number): Read | undefined {
  const kind = match(runField, text, at) as keyof typeof examples | undefined
  if (kind === undefined) return undefined
  const sign = match(comparison, text, at + kind.length)!
  const after = at + kind.length + sign.length
  if (sign === '!=') return noNot(kind, after - 2)
  if (sign !== ':' && (kind === 'error' || sign !== '=')) {
    return { mistake: `Write ${kind} with a colon, as in ${examples[kind]}.`, at: after - sign.length }
  }
  const value = readValue(text, after)
  if ('mistake' in value) return value
  if (value.text === '') return nothingAfter(kind + sign, after)
  if (kind === 'error') {
    if (tokens(value.text).length === 0) return noWord(value.text, after)
    const mistake = misplacedStar(value.text, value.isQuoted, after)
    if (mistake) return mistake
  }
  return { term: { kind, value: kind === 'status' ? value.text.toLowerCase() : value.text }, end: value.end }
}
