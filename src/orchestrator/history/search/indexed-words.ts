import { isNumeric } from '../../../shared/decimals.ts'
import { caseless, tokens, type WantedTerm, wantedTerms } from '../../../shared/search/words.ts'
import type { RunTexts } from '../../../store/ports/run-selection.ts'
import { anyValue, type Comparison, isBegun, type SearchTerm } from './terms.ts'

export type Column = keyof RunTexts
export type FieldTerm = Extract<SearchTerm, { kind: 'field' }>

/** Terms that the index must hold of a run, all of them in one of the columns. */
export type IndexedWords = {
  columns: Column[]
  terms: WantedTerm[]
  /** Whether every run whose indexed words match also matches the term. */
  isEnough: boolean
}

export const anywhere: Column[] = ['inputs', 'outputs', 'error']

/** Words of every run for which a term holds, whatever its `isNot`; undefined where the index of words is no help. */
export function indexedWords(term: SearchTerm): IndexedWords | undefined {
  if (term.kind === 'words') return inIndex(anywhere, term.words, term.isBegun, true)
  if (term.kind === 'error') return inIndex(['error'], tokens(term.value), isBegun(term.value), true)
  if (term.kind !== 'field' || !isOfWords(term)) return undefined
  return inIndex([columnOf(term)], tokens(term.value), term.compare === ':' && isBegun(term.value), false)
}

/** Numbers can be written in many ways, and null in two. */
export function isOfWords({ compare, value }: FieldTerm): boolean {
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

export const isPresence = ({ compare, value }: { compare: Comparison; value: string }) =>
  compare === ':' && value === anyValue

export const columnOf = ({ side }: FieldTerm): Column => (side === 'in' ? 'inputs' : 'outputs')
