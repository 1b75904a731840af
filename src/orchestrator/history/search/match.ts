import { needsDigits } from '../../../shared/decimals.ts'
import { isInRow, tokens } from '../../../shared/search/words.ts'
import type { SearchedRun } from '../../../store/ports/run-selection.ts'
import { causeOf, keptOf } from '../../runs/failure-cause.ts'
import { comparisonWith } from './compare.ts'
import { idPattern } from './ids.ts'
import { anywhere, columnOf, type FieldTerm, indexedWords, isOfWords, isPresence } from './indexed-words.ts'
import { isInRange, rangeOf } from './measures.ts'
import { leavesOf, valuesAt } from './payload-values.ts'
import { createSearchedTexts, type SearchedTexts } from './run-texts.ts'
import { anyValue, isBegun, type MeasureKind, type SearchTerm } from './terms.ts'

type MeasureTerm = Extract<SearchTerm, { kind: MeasureKind }>

/** Whether a term holds for a run, by looking at it: words stand in a row in the inputs, the outputs or the error, as
 * `searchedText` and `tokens` read them; a field has a value that passes the comparison. A list or an object means any
 * value in it. `:` is "has these words in a row" for texts, else "is"; `:*` is "is there, and not null"; `=` is "is",
 * for texts but for case and accents; the others compare numbers, to the digit, also those in texts, or texts where
 * neither is a number. Status, agent, workflow and who started it are one of the values, to the letter (see known-
 * fields.ts for other ways to write them). Cost, tokens, duration and start that are not known lie in no range. */
export function matches(term: SearchTerm, run: SearchedRun): boolean {
  return matchesAll([term], run)
}

export function matchesAll(terms: SearchTerm[], run: SearchedRun): boolean {
  const texts = createSearchedTexts(run)
  return terms.every((term) => holds(term, run, texts) !== term.isNot)
}

function holds(term: SearchTerm, run: SearchedRun, texts: SearchedTexts): boolean {
  switch (term.kind) {
    case 'words':
      return anywhere.some(
        (column) => texts.mayHave(column, term.words) && isInRow(texts.words(column), term.words, term.isBegun),
      )
    case 'error':
      if (term.value === anyValue) return run.error !== null && run.error !== ''
      return isInRow(texts.words('error'), tokens(term.value), isBegun(term.value))
    case 'cause':
      return causeOf(keptOf(run.error)).pattern.toLowerCase() === term.value.toLowerCase()
    case 'field':
      return fieldHolds(term, texts)
    case 'any':
      return term.terms.some((one) => holds(one, run, texts) !== one.isNot)
    case 'id': {
      const { start, end } = idPattern(term.value)
      return term.isWhole ? run.id === term.value : run.id.startsWith(start) && run.id.endsWith(end)
    }
    case 'status':
    case 'agent':
    case 'workflow':
      return term.values.includes(run[term.kind])
    case 'by':
      return run.by !== null && term.values.includes(run.by)
    default:
      return isMeasured(term, run[term.kind])
  }
}

function isMeasured({ kind, compare, value }: MeasureTerm, measured: number | null): boolean {
  if (isPresence({ compare, value })) return measured !== null && !Number.isNaN(measured)
  const range = rangeOf(kind, compare, value)
  return range !== undefined && isInRange(measured, range)
}

function fieldHolds(term: FieldTerm, texts: SearchedTexts): boolean {
  const column = columnOf(term)
  const name = term.path.at(-1)
  if (name !== undefined && plainName.test(name) && !texts.mayName(column, name)) return false
  if (isOfWords(term) && !texts.mayHave(column, tokens(term.value))) return false
  const isExact = needsDigits(term.value)
  const value = isExact ? texts.exactValue(column) : texts.value(column)
  if (value === undefined) return false
  const values = valuesAt(value, term.path)
  if (isPresence(term)) return values.some((one) => one !== null)
  if (!leavesOf(values).some(comparisonWith(term, isExact))) return false
  // A Python repr is indexed as it is written: a search must not find more without the index than with it.
  const indexed = texts.isJson(column) ? undefined : indexedWords(term)
  return !indexed || indexed.terms.every(({ text, isBegun }) => isInRow(texts.words(column), [text], isBegun))
}

/** Written in only one way, and no index of a list. */
const plainName = /^[A-Za-z_-][\w-]*$/
