import type { WantedTerm } from '../../../../shared/search/words.ts'
import type { RunTexts, WordQuery, WordsIn } from '../../../ports/run-selection.ts'

/** What the index tells of a text: its words have the weight of it. */
export const weights: Record<keyof RunTexts, string> = { inputs: 'A', outputs: 'B', error: 'C' }
/** PostgreSQL takes 2 KB. */
export const maxTerm = 255

/** A `tsquery` that every run has, and maybe others; `isExact` where words that are too long left nothing out. */
export function queryOf({ all, none }: WordQuery): { query: string; isExact: boolean } {
  const isShort = ({ terms }: WordsIn) => terms.every(({ text }) => text.length <= maxTerm)
  const excluded = none.filter(isShort)
  const isExact = all.flat().every(isShort) && excluded.length === none.length
  const parts = [...all.map(oneOf), ...excluded.map((words) => `!${written(words)}`)]
  return { query: parts.join(' & '), isExact }
}

const oneOf = (choice: WordsIn[]): string => `(${choice.map(written).join(' | ')})`

function written({ texts, terms }: WordsIn): string {
  const isAnywhere = terms.length === 1 && texts.length === Object.keys(weights).length
  const places = isAnywhere ? [''] : texts.map((text) => weights[text])
  return `(${places.map((place) => terms.map((term) => lexeme(term, place)).join(' & ')).join(' | ')})`
}

function lexeme({ text, isBegun }: WantedTerm, place: string): string {
  const isCut = text.length > maxTerm
  const how = `${isBegun && !isCut ? '*' : ''}${place}`
  return `${quoted(text)}${how === '' ? '' : `:${how}`}`
}

export const quoted = (term: string): string => `'${term.slice(0, maxTerm).replace(/['\\]/g, '$&$&')}'`
