import { compareDecimals, isNumeric, needsDigits } from '../../../shared/decimals.ts'
import { exactPayloadValue, payloadValue, writtenNumber } from '../../../shared/json/payload.ts'
import { looseValue } from '../../../shared/json.ts'
import { caseless, inSpaces, isInRow, tokens, type WantedTerm, wantedTerms } from '../../../shared/search-words.ts'
import { isIndexable, searchedText } from '../../../shared/searched-text.ts'
import type { RunTexts, SearchedRun } from '../../../store/ports/run-selection.ts'
import { causeOf, keptOf } from '../../runs/failure-cause.ts'
import { idPattern } from './ids.ts'
import { isInRange, rangeOf } from './measures.ts'
import { leavesOf, valuesAt } from './payload-values.ts'
import { anyValue, type Comparison, isBegun, type MeasureKind, type SearchTerm } from './terms.ts'

type Column = keyof RunTexts
type FieldTerm = Extract<SearchTerm, { kind: 'field' }>
type MeasureTerm = Extract<SearchTerm, { kind: MeasureKind }>

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
 *   `:` is "has these words in a row" for texts and "is" for numbers, true, false and null; `:*` is "is there, and not null";
 *   `=` is "is", for texts but for case and accents;
 *   the others compare numbers, to the digit, also those that stand in texts, or texts where neither is a number;
 * - status, agent and workflow are one of the values, to the letter (see known-fields.ts for other ways to write them);
 *   an error has its words in a row, or has the cause; an id begins like this;
 * - cost, tokens, duration and start lie where the comparison says; where one is not known, it lies nowhere.
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
  if (term.kind !== 'field' || !isOfWords(term)) return undefined
  return inIndex([columnOf(term)], tokens(term.value), term.compare === ':' && isBegun(term.value), false)
}

/** Whether a field has to have the words of a value. A number can be written in many ways, and null in two. */
function isOfWords({ compare, value }: FieldTerm): boolean {
  if (compare !== ':' && compare !== '=') return false
  return !isPresence({ compare, value }) && !isNumeric(value) && caseless(value) !== 'null'
}

function inIndex(
  columns: Column[],
  words: string[],
  isBegun: boolean | undefined,
  isWhole: boolean,
): IndexedWords | undefined {
  const wanted = wantedTerms(words, isBegun)
  if (wanted.length === 0) return undefined
  const terms = [...new Map(wanted.map((term) => [JSON.stringify(term), term])).values()]
  // An index says neither that a term is there twice, nor that two are in a row.
  return { columns, terms, isEnough: isWhole && wanted.length === 1 }
}

/** An escape that may stand for a letter, or between letters of one word. */
const otherEscape = /\\[^"\\/nrt]/

type Reading = ReturnType<typeof createReading>

function createReading(run: SearchedRun) {
  const read = new Map<Column, string>()
  const raw = new Map<Column, string | undefined>()
  const values = new Map<Column, unknown>()
  /** The text of a column as it is written, in small letters; undefined where words may be written in another way. */
  function written(column: Column): string | undefined {
    if (!raw.has(column)) {
      const payload = run[column] ?? ''
      raw.set(column, otherEscape.test(payload) ? undefined : caseless(payload))
    }
    return raw.get(column)
  }

  return {
    /** Whether a column may have all of these words. To look costs a tenth of taking it apart. */
    mayHave(column: Column, words: string[]): boolean {
      const text = written(column)
      return text === undefined || words.every((word) => text.includes(word))
    },
    /** Whether a column may have a value under this name. */
    mayName(column: Column, name: string): boolean {
      const payload = run[column] ?? ''
      return payload.includes(`"${name}"`) || payload.includes(`'${name}'`) || otherEscape.test(payload)
    },
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
    /** The same, with numbers as they are written. */
    exactValue(column: Column): unknown {
      const payload = run[column]
      return payload === null ? undefined : (exactPayloadValue(payload) ?? payload)
    },
  }
}

function holds(term: SearchTerm, run: SearchedRun, reading: Reading): boolean {
  switch (term.kind) {
    case 'words':
      return anywhere.some(
        (column) => reading.mayHave(column, term.words) && isInRow(reading.words(column), term.words, term.isBegun),
      )
    case 'error':
      if (term.value === anyValue) return run.error !== null && run.error !== ''
      return isInRow(reading.words('error'), tokens(term.value), isBegun(term.value))
    case 'cause':
      return causeOf(keptOf(run.error)).pattern.toLowerCase() === term.value.toLowerCase()
    case 'field':
      return fieldHolds(term, reading)
    case 'any':
      return term.terms.some((one) => holds(one, run, reading) !== one.isNot)
    case 'id': {
      const { start, end } = idPattern(term.value)
      return term.isWhole ? run.id === term.value : run.id.startsWith(start) && run.id.endsWith(end)
    }
    case 'status':
    case 'agent':
    case 'workflow':
      return term.values.includes(run[term.kind])
    default:
      return isMeasured(term, run[term.kind])
  }
}

function isMeasured({ kind, compare, value }: MeasureTerm, measured: number | null): boolean {
  if (isPresence({ compare, value })) return measured !== null && !Number.isNaN(measured)
  const range = rangeOf(kind, compare, value)
  return range !== undefined && isInRange(measured, range)
}

const isPresence = ({ compare, value }: { compare: Comparison; value: string }) => compare === ':' && value === anyValue

function fieldHolds(term: FieldTerm, reading: Reading): boolean {
  const column = columnOf(term)
  const name = term.path.at(-1)
  if (name !== undefined && plainName.test(name) && !reading.mayName(column, name)) return false
  if (isOfWords(term) && !reading.mayHave(column, tokens(term.value))) return false
  const isExact = needsDigits(term.value)
  const value = isExact ? reading.exactValue(column) : reading.value(column)
  if (value === undefined) return false
  const values = valuesAt(value, term.path)
  if (isPresence(term)) return values.some((one) => one !== null)
  if (!leavesOf(values).some(comparisonWith(term, isExact))) return false
  // A repr of Python's is in the index as it is written, and a search must not find more without it than with it.
  const indexed = reading.isJson(column) ? undefined : indexedWords(term)
  return !indexed || indexed.terms.every(({ text, isBegun }) => isInRow(reading.words(column), [text], isBegun))
}

/** What is written in only one way, and is no index of a list. */
const plainName = /^[A-Za-z_-][\w-]*$/

function comparisonWith({ compare, value }: FieldTerm, isExact: boolean): (leaf: unknown) => boolean {
  const isNumber = isNumeric(value)
  const text = caseless(value)
  const compareTo = isExact
    ? (leaf: string) => compareDecimals(leaf, value)
    : (leaf: string) => Number(leaf) - Number(value)
  const isSame = (leaf: unknown) => {
    const number = isNumber ? numberIn(leaf) : undefined
    return number === undefined ? typeof leaf !== 'string' && String(leaf) === text : compareTo(number) === 0
  }
  if (compare === ':') {
    const words = tokens(value)
    return (leaf) => (typeof leaf === 'string' ? isInRow(inSpaces(tokens(leaf)), words, isBegun(value)) : isSame(leaf))
  }
  if (compare === '=') return (leaf) => (typeof leaf === 'string' && caseless(leaf) === text) || isSame(leaf)
  const isRight = order[compare]
  return (leaf) => {
    const number = numberIn(leaf)
    if (isNumber) return number !== undefined && isRight(compareTo(number))
    if (number !== undefined || typeof leaf !== 'string') return false
    const other = caseless(leaf)
    return isRight(other < text ? -1 : other > text ? 1 : 0)
  }
}

const order = {
  '>': (sign: number) => sign > 0,
  '<': (sign: number) => sign < 0,
  '>=': (sign: number) => sign >= 0,
  '<=': (sign: number) => sign <= 0,
}

/** How a number is written, also one that stands in a text. */
function numberIn(leaf: unknown): string | undefined {
  if (typeof leaf === 'number') return String(leaf)
  if (typeof leaf === 'string') return isNumeric(leaf) ? leaf : undefined
  return writtenNumber(leaf)
}

const columnOf = ({ side }: FieldTerm): Column => (side === 'in' ? 'inputs' : 'outputs')
