import { looseValue } from '../json.ts'
import { caseless, inSpaces, isInRow, tokens, type WantedTerm, wantedTerms } from '../search-words.ts'
import { isIndexable, searchedText } from '../searched-text.ts'
import { isBegun, type SearchTerm } from './run-search.ts'
import { leavesOf, payloadValue, valuesAt } from './run-values.ts'

/** What a search looks at: payloads and error as they stand in the file. */
export type SearchedRun = {
  inputs: string | null
  outputs: string | null
  error: string | null
  status: string
  agent: string
  workflow: string
}
type Column = 'inputs' | 'outputs' | 'error'
type FieldTerm = Extract<SearchTerm, { kind: 'field' }>

/** Terms that the index must hold of a run. */
export type IndexedWords = {
  /** Where they stand: all of them in one of these. */
  columns: Column[]
  terms: WantedTerm[]
  /** Whether the term holds for every run of which the index holds them. */
  isEnough: boolean
}

const anywhere: Column[] = ['inputs', 'outputs', 'error']

/**
 * Whether a term holds for a run, by looking at it:
 * - words stand in a row in the inputs, the outputs or the error, as `searchedText` and `tokens` read them;
 * - a field leads to a value for which the comparison holds. A list or an object stands for all that is in it;
 *   `:` is "has these words in a row" for texts and "is" for numbers, true, false and null;
 *   `=` is "is", for texts but for case and accents;
 *   the others compare numbers, also those that stand in texts, or texts where neither is a number;
 * - status, agent and workflow are the value, to the letter; an error has its words in a row.
 */
export function matches(term: SearchTerm, run: SearchedRun): boolean {
  return matchesAll([term], run)
}

/** Whether all terms hold for a run; of its payloads, each is read once. */
export function matchesAll(terms: SearchTerm[], run: SearchedRun): boolean {
  const reading = createReading(run)
  return terms.every((term) => holds(term, run, reading) !== term.isNot)
}

/**
 * What the index of words can say of a term, whatever its `isNot`: a run for which the term holds has these words.
 * Undefined where it can say nothing.
 */
export function indexedWords(term: SearchTerm): IndexedWords | undefined {
  if (term.kind === 'words') return inIndex(anywhere, term.words, term.isBegun, true)
  if (term.kind === 'error') return inIndex(['error'], tokens(term.value), isBegun(term.value), true)
  if (term.kind !== 'field' || (term.compare !== ':' && term.compare !== '=')) return undefined
  // A number can be written in many ways, and null is not in the index.
  if (numberIn(term.value) !== undefined || caseless(term.value) === 'null') return undefined
  return inIndex([columnOf(term)], tokens(term.value), term.compare === ':' && isBegun(term.value), false)
}

function inIndex(
  columns: Column[],
  words: string[],
  isBegun: boolean | undefined,
  isWhole: boolean,
): IndexedWords | undefined {
  const terms = wantedTerms(words, isBegun)
  return terms.length === 0 ? undefined : { columns, terms, isEnough: isWhole && terms.length === 1 }
}

type Reading = ReturnType<typeof createReading>

function createReading(run: SearchedRun) {
  const read = new Map<Column, string>()
  const values = new Map<Column, unknown>()
  return {
    /** The words of a column with a space around each. */
    words(column: Column): string {
      const known = read.get(column)
      if (known !== undefined) return known
      const words = inSpaces(tokens(searchedText(run[column])))
      read.set(column, words)
      return words
    },
    /** Whether an index has the values of a column, and not how they were written. */
    isJson: (column: Column): boolean => {
      const payload = run[column] ?? ''
      return !isIndexable(payload) || looseValue(payload) !== undefined
    },
    /** What a column says; a text that is neither JSON nor a repr says itself. */
    value(column: Column): unknown {
      const payload = run[column]
      if (!values.has(column) && payload !== null) values.set(column, payloadValue(payload) ?? payload)
      return values.get(column)
    },
  }
}

function holds(term: SearchTerm, run: SearchedRun, reading: Reading): boolean {
  switch (term.kind) {
    case 'words':
      return anywhere.some((column) => isInRow(reading.words(column), term.words, term.isBegun))
    case 'error':
      return isInRow(reading.words('error'), tokens(term.value), isBegun(term.value))
    case 'field':
      return fieldHolds(term, reading)
    default:
      return run[term.kind] === term.value
  }
}

function fieldHolds(term: FieldTerm, reading: Reading): boolean {
  const column = columnOf(term)
  const isSo = comparisonWith(term)
  const value = reading.value(column)
  if (value === undefined || !leavesOf(valuesAt(value, term.path)).some(isSo)) return false
  // A repr of Python's is in the index as it is written, and a search must not find more without it than with it.
  const indexed = reading.isJson(column) ? undefined : indexedWords(term)
  return !indexed || indexed.terms.every(({ text, isBegun }) => isInRow(reading.words(column), [text], isBegun))
}

function comparisonWith({ compare, value }: FieldTerm): (leaf: unknown) => boolean {
  const number = numberIn(value)
  const text = caseless(value)
  const isSame = (leaf: unknown) =>
    typeof leaf === 'number' ? leaf === number : typeof leaf !== 'string' && String(leaf) === text
  if (compare === ':') {
    const words = tokens(value)
    return (leaf) => (typeof leaf === 'string' ? isInRow(inSpaces(tokens(leaf)), words, isBegun(value)) : isSame(leaf))
  }
  if (compare === '=') {
    return (leaf) =>
      typeof leaf === 'string'
        ? caseless(leaf) === text || (number !== undefined && numberIn(leaf) === number)
        : isSame(leaf)
  }
  const isRight = order[compare]
  return (leaf) => {
    const other = typeof leaf === 'number' ? leaf : typeof leaf === 'string' ? numberIn(leaf) : undefined
    if (number !== undefined) return other !== undefined && isRight(other, number)
    return other === undefined && typeof leaf === 'string' && isRight(caseless(leaf), text)
  }
}

const order = {
  '>': <T>(a: T, b: T) => a > b,
  '<': <T>(a: T, b: T) => a < b,
  '>=': <T>(a: T, b: T) => a >= b,
  '<=': <T>(a: T, b: T) => a <= b,
}

function numberIn(text: string): number | undefined {
  return /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : undefined
}

const columnOf = ({ side }: FieldTerm): Column => (side === 'in' ? 'inputs' : 'outputs')
