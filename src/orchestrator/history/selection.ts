import type { HistoryStore } from '../../store/ports/history.ts'
import type {
  NameKind,
  RunSelection,
  RunTest,
  TextSearch,
  WordQuery,
  WordsIn,
} from '../../store/ports/run-selection.ts'
import { localRuns, type RunFilter } from './filter.ts'
import { idPattern } from './search/ids.ts'
import { indexedWords } from './search/indexed-words.ts'
import { asKnown } from './search/known-fields.ts'
import { matchesAll } from './search/match.ts'
import { rangeOf } from './search/measures.ts'
import { anyValue, type MeasureKind, measureKinds, nameKinds, type SearchTerm } from './search/terms.ts'

/** With the names that the history has now. */
export async function selectionIn(history: Pick<HistoryStore, 'lookUp'>, filter: RunFilter): Promise<RunSelection> {
  return selectionOf(await asKnown(filter, history))
}

export function selectionOf(filter: RunFilter): RunSelection {
  const { agents, statuses, workflow, from, to, longerThanSeconds, search } = filter
  const names = search.filter(isListed).map(({ kind, values, isNot }) => ({ of: kind, values, isNot }))
  const [times, others] = partition(
    search.filter((term) => !isListed(term)),
    isTime,
  )
  const ranges = times.map(startsOf)
  const tests = others.map(testOf)
  return {
    agents: agents.length > 0 ? agents.filter((agent) => agent !== localRuns) : undefined,
    isLocal: agents.includes(localRuns),
    statuses: statuses.length > 0 ? statuses : undefined,
    workflows: workflow === undefined ? undefined : [workflow],
    names,
    from: latestOf([from, ...ranges.map((range) => range.from)]),
    to: earliestOf([to, ...ranges.map((range) => range.below)]),
    longerThanSeconds,
    tests: tests.filter((test) => test !== undefined),
    text: textOf(others.filter((_, index) => tests[index] === undefined)),
  }
}

type Time = Extract<SearchTerm, { kind: MeasureKind }>

function isTime(term: SearchTerm): term is Time {
  return term.kind === 'started' && !term.isNot
}

/** A run with an unknown start is in no range. */
function startsOf({ kind, compare, value }: Time) {
  const range = value === anyValue ? {} : (rangeOf(kind, compare, value) ?? {})
  return { ...range, from: range.from ?? 0 }
}

function partition<T, Part extends T>(all: T[], isPart: (one: T) => one is Part): [Part[], T[]] {
  return [all.filter(isPart), all.filter((one) => !isPart(one))]
}

const known = (times: (number | undefined)[]): number[] => times.filter((at) => at !== undefined)
const latestOf = (times: (number | undefined)[]) => (known(times).length > 0 ? Math.max(...known(times)) : undefined)
const earliestOf = (times: (number | undefined)[]) => (known(times).length > 0 ? Math.min(...known(times)) : undefined)

/** Undefined where payloads decide. */
function testOf(term: SearchTerm): RunTest | undefined {
  const { isNot } = term
  if (isOfNames(term)) return { isNot, of: term.kind, values: term.values }
  if (isMeasure(term)) {
    const { kind, compare, value } = term
    return { isNot, of: kind, range: value === anyValue ? {} : (rangeOf(kind, compare, value) ?? {}) }
  }
  if (term.kind === 'id') {
    const { start, end } = idPattern(term.value)
    return term.isWhole ? { isNot, of: 'id', id: term.value } : { isNot, of: 'id', start, end }
  }
  if (term.kind !== 'any') return undefined
  const tests = term.terms.map(testOf).filter((test) => test !== undefined)
  return tests.length === term.terms.length ? { isNot, of: 'any', tests } : undefined
}

/** Terms that the index of words, or payloads, decide. */
function textOf(terms: SearchTerm[]): TextSearch | undefined {
  if (terms.length === 0) return undefined
  const words = wordsOf(terms)
  return {
    words,
    isEnough: words !== undefined && terms.every(isEnough),
    holds: (run) => matchesAll(terms, run),
    key: JSON.stringify(terms),
  }
}

function isEnough(term: SearchTerm): boolean {
  if (term.kind === 'any') return term.terms.every((one) => !one.isNot && isEnough(one))
  return indexedWords(term)?.isEnough ?? false
}

/** Undefined where no words are certain. */
function wordsOf(terms: SearchTerm[]): WordQuery | undefined {
  const all = terms.filter(({ isNot }) => !isNot).flatMap((term) => listed(choiceOf(term)))
  // The index may exclude only what it decides alone.
  const none = terms.filter((term) => term.isNot && isEnough(term)).flatMap((term) => choiceOf(term) ?? [])
  return all.length === 0 ? undefined : { all, none }
}

const listed = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value])

/** A matching run has one of these, whatever `isNot`. */
function choiceOf(term: SearchTerm): WordsIn[] | undefined {
  if (term.kind === 'any') {
    const choices = term.terms.map((one) => (one.isNot ? undefined : choiceOf(one)))
    return choices.every((choice) => choice !== undefined) ? choices.flat() : undefined
  }
  const indexed = indexedWords(term)
  return indexed && [{ texts: indexed.columns, terms: indexed.terms }]
}

function isOfNames(term: SearchTerm): term is Extract<SearchTerm, { kind: NameKind }> {
  return nameKinds.some((kind) => kind === term.kind)
}

/** Every run has one of these. */
function isListed(term: SearchTerm): term is Extract<SearchTerm, { kind: Exclude<NameKind, 'by'> }> {
  return isOfNames(term) && term.kind !== 'by'
}

function isMeasure(term: SearchTerm): term is Extract<SearchTerm, { kind: MeasureKind }> {
  return measureKinds.some((kind) => kind === term.kind)
}
