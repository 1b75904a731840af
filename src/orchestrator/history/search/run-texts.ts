import { exactPayloadValue, payloadValue } from '../../../shared/json/payload.ts'
import { looseValue } from '../../../shared/json.ts'
import { isIndexable, searchedText } from '../../../shared/search/text.ts'
import { caseless, inSpaces, tokens } from '../../../shared/search/words.ts'
import type { SearchedRun } from '../../../store/ports/run-selection.ts'
import type { Column } from './indexed-words.ts'

/** An escape that may encode a letter, or split a word. */
const otherEscape = /\\[^"\\/nrt]/

export type SearchedTexts = ReturnType<typeof createSearchedTexts>

export function createSearchedTexts(run: SearchedRun) {
  const read = new Map<Column, string>()
  const raw = new Map<Column, string | undefined>()
  const values = new Map<Column, unknown>()
  /** Undefined where words may be written in another way. */
  function written(column: Column): string | undefined {
    if (!raw.has(column)) {
      const payload = run[column] ?? ''
      raw.set(column, otherEscape.test(payload) ? undefined : caseless(payload))
    }
    return raw.get(column)
  }

  return {
    /** Costs a tenth of splitting the text into words. */
    mayHave(column: Column, words: string[]): boolean {
      const text = written(column)
      return text === undefined || words.every((word) => text.includes(word))
    },
    mayName(column: Column, name: string): boolean {
      const payload = run[column] ?? ''
      return payload.includes(`"${name}"`) || payload.includes(`'${name}'`) || otherEscape.test(payload)
    },
    words(column: Column): string {
      const known = read.get(column)
      if (known !== undefined) return known
      const words = inSpaces(tokens(searchedText(run[column])))
      read.set(column, words)
      return words
    },
    /** Whether the index holds the values of a column, and not how they are written. */
    isJson: (column: Column): boolean => {
      const payload = run[column] ?? ''
      return !isIndexable(payload) || looseValue(payload) !== undefined
    },
    /** A text that is neither JSON nor a repr is itself the value. */
    value(column: Column): unknown {
      const payload = run[column]
      if (!values.has(column) && payload !== null) values.set(column, payloadValue(payload) ?? payload)
      return values.get(column)
    },
    exactValue(column: Column): unknown {
      const payload = run[column]
      return payload === null ? undefined : (exactPayloadValue(payload) ?? payload)
    },
  }
}
