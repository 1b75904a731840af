import type { WantedTerm } from '../../../../shared/search/words.ts'
import type { WordQuery, WordsIn } from '../../../ports/run-selection.ts'

const indexedTexts = 3

/** A query of FTS5, whose index does not know the order of the words. */
export function matchOf({ all, none }: WordQuery): string {
  const wanted = all.map(oneOf).join(' AND ')
  return none.length === 0 ? wanted : `(${wanted}) NOT (${none.map(written).join(' OR ')})`
}

const oneOf = (choice: WordsIn[]): string =>
  choice.length === 1 ? written(choice[0]!) : `(${choice.map(written).join(' OR ')})`

function written({ texts, terms }: WordsIn): string {
  const words = terms.map(quoted).join(' AND ')
  if (terms.length === 1 && texts.length === indexedTexts) return words
  return `(${texts.map((text) => `${text} : (${words})`).join(' OR ')})`
}

/** A term has no quotes in it. */
const quoted = ({ text, isBegun }: WantedTerm) => `"${text}"${isBegun ? ' *' : ''}`
