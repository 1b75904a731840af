import { caseless, searchedText, tokens } from '../searched-text.ts'
import type { SearchTerm } from './run-search.ts'
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

/** Words that the index must hold of a run. */
export type IndexedWords = {
  /** Where they stand: all of them in one of these. */
  columns: Column[]
  words: string[]
  /** Whether the term holds for every run of which the index holds them. */
  isEnough: boolean
}

/** Of a text in a field, as of a payload, only the beginning is searched. */
const longestCompared = 64 * 1024
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
  if (term.kind === 'words') return inIndex(anywhere, term.words, true)
  if (term.kind === 'error') return inIndex(['error'], tokens(term.value), true)
  if (term.kind !== 'field' || (term.compare !== ':' && term.compare !== '=')) return undefined
  // A number can be written in many ways, and null is not in the index.
  if (numberIn(term.value) !== undefined || caseless(term.value) === 'null') return undefined
  return inIndex([columnOf(term)], tokens(term.value), false)
}

function inIndex(columns: Column[], words: string[], isWhole: boolean): IndexedWords | undefined {
  if (words.length === 0) return undefined
  return { columns, words: [...new Set(words)], isEnough: isWhole && words.length === 1 }
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
      return anywhere.some((column) => hasInRow(reading.words(column), term.words))
    case 'error':
      return hasInRow(reading.words('error'), tokens(term.value))
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
  // Of long payloads only the beginning is in the index, and a search must not find more without it than with it.
  const indexed = indexedWords(term)
  return !indexed || indexed.words.every((word) => hasInRow(reading.words(column), [word]))
}

function comparisonWith({ compare, value }: FieldTerm): (leaf: unknown) => boolean {
  const number = numberIn(value)
  const text = caseless(value)
  const plain = (leaf: string) => caseless(leaf.slice(0, longestCompared))
  const isSame = (leaf: unknown) =>
    typeof leaf === 'number' ? leaf === number : typeof leaf !== 'string' && String(leaf) === text
  if (compare === ':') {
    const words = tokens(value)
    return (leaf) =>
      typeof leaf === 'string' ? hasInRow(inSpaces(tokens(leaf.slice(0, longestCompared))), words) : isSame(leaf)
  }
  if (compare === '=') {
    return (leaf) =>
      typeof leaf === 'string'
        ? plain(leaf) === text || (number !== undefined && numberIn(leaf) === number)
        : isSame(leaf)
  }
  const isRight = order[compare]
  return (leaf) => {
    const other = typeof leaf === 'number' ? leaf : typeof leaf === 'string' ? numberIn(leaf) : undefined
    if (number !== undefined) return other !== undefined && isRight(other, number)
    return other === undefined && typeof leaf === 'string' && isRight(plain(leaf), text)
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
const inSpaces = (words: string[]) => ` ${words.join(' ')} `
const hasInRow = (words: string, row: string[]) => words.includes(inSpaces(row))
