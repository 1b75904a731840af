import type { WantedTerm } from '../../shared/search-words.ts'
import type { RunOrder } from '../../store/sqlite/history/scan.ts'
import type { RunSelection, RunText } from '../../store/sqlite/history/selection.ts'
import type { RunTest } from '../../store/sqlite/history/tests.ts'
import { localRuns, type RunFilter, type RunSort } from './filter.ts'
import { idPattern } from './search/ids.ts'
import { inKnownWords, type KnownRuns } from './search/known-fields.ts'
import { indexedWords, matchesAll } from './search/match.ts'
import { rangeOf } from './search/measures.ts'
import { anyValue, type MeasureKind, measureKinds, type NameKind, nameKinds, type SearchTerm } from './search/terms.ts'

/** What a filter asks of the store. */
export function selectionOf(filter: RunFilter, known: KnownRuns): RunSelection {
  const { agents, statuses, workflow, from, to, longerThanSeconds, search } = inKnownWords(filter, known)
  const words = search.filter(isOfNames).map(({ kind, values, isNot }) => ({ column: kind, values, isNot }))
  const [times, others] = partition(
    search.filter((term) => !isOfNames(term)),
    isTime,
  )
  const ranges = times.map(startsOf)
  const tests = others.map(testOf)
  return {
    agents: agents.length > 0 ? agents.filter((agent) => agent !== localRuns) : undefined,
    isLocal: agents.includes(localRuns),
    statuses: statuses.length > 0 ? statuses : undefined,
    workflows: workflow === undefined ? undefined : [workflow],
    words,
    from: most([from, ...ranges.map((range) => range.from)]),
    to: least([to, ...ranges.map((range) => range.below)]),
    longerThan: longerThanSeconds,
    tests: tests.filter((test) => test !== undefined),
    text: textOf(others.filter((_, index) => tests[index] === undefined)),
  }
}

export function orderOf(sort: RunSort): RunOrder {
  const isDescending = !sort.startsWith('-')
  return { by: (isDescending ? sort : sort.slice(1)) as RunOrder['by'], isDescending }
}

type Time = Extract<SearchTerm, { kind: MeasureKind }>

/** A time like those that `from` and `to` say. */
function isTime(term: SearchTerm): term is Time {
  return term.kind === 'started' && !term.isNot
}

/** A run whose start is not known is in no range. */
function startsOf({ kind, compare, value }: Time) {
  const range = value === anyValue ? {} : (rangeOf(kind, compare, value) ?? {})
  return { ...range, from: range.from ?? 0 }
}

function partition<T, Part extends T>(all: T[], isPart: (one: T) => one is Part): [Part[], T[]] {
  return [all.filter(isPart), all.filter((one) => !isPart(one))]
}

const known = (times: (number | undefined)[]): number[] => times.filter((at) => at !== undefined)
const most = (times: (number | undefined)[]) => (known(times).length > 0 ? Math.max(...known(times)) : undefined)
const least = (times: (number | undefined)[]) => (known(times).length > 0 ? Math.min(...known(times)) : undefined)

/** What a term asks of the row of a run; undefined where its payloads have to tell. */
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

/** Terms of which the index of words, or the payloads, have to tell. */
function textOf(terms: SearchTerm[]): RunText | undefined {
  if (terms.length === 0) return undefined
  const match = matchOf(terms)
  return {
    match,
    isEnough: match !== undefined && terms.every(isEnough),
    holds: (run) => matchesAll(terms, run),
  }
}

const searchedColumns = 3

/** Whether the index of words alone tells of which runs a term is true. */
function isEnough(term: SearchTerm): boolean {
  if (term.kind === 'any') return term.terms.every((one) => !one.isNot && isEnough(one))
  return indexedWords(term)?.isEnough ?? false
}

/** A query of FTS5 that finds every run for which all terms hold; undefined when the index can not help. */
function matchOf(terms: SearchTerm[]): string | undefined {
  const wanted = terms.filter(({ isNot }) => !isNot).flatMap((term) => queryOf(term) ?? [])
  // Only what the index decides alone may be left out by it.
  const unwanted = terms.filter((term) => term.isNot && isEnough(term)).flatMap((term) => queryOf(term) ?? [])
  if (wanted.length === 0) return undefined
  const all = wanted.join(' AND ')
  return unwanted.length === 0 ? all : `(${all}) NOT (${unwanted.join(' OR ')})`
}

/** All words in one of the columns. The index does not know in which order they stand. */
function queryOf(term: SearchTerm): string | undefined {
  if (term.kind === 'any') {
    const queries = term.terms.map((one) => (one.isNot ? undefined : queryOf(one)))
    return queries.every((query) => query !== undefined) ? `(${queries.join(' OR ')})` : undefined
  }
  const indexed = indexedWords(term)
  if (!indexed) return undefined
  const words = indexed.terms.map(written).join(' AND ')
  if (indexed.terms.length === 1 && indexed.columns.length === searchedColumns) return words
  return `(${indexed.columns.map((column) => `${column} : (${words})`).join(' OR ')})`
}

/** A term has no quotes in it. */
const written = ({ text, isBegun }: WantedTerm) => `"${text}"${isBegun ? ' *' : ''}`

function isOfNames(term: SearchTerm): term is Extract<SearchTerm, { kind: NameKind }> {
  return nameKinds.some((kind) => kind === term.kind)
}

function isMeasure(term: SearchTerm): term is Extract<SearchTerm, { kind: MeasureKind }> {
  return measureKinds.some((kind) => kind === term.kind)
}
