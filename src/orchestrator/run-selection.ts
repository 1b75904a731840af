import type { WantedTerm } from '../search-words.ts'
import type { RunOrder } from '../store/run-scan.ts'
import type { RunSelection, RunText } from '../store/run-selection.ts'
import { localRuns, type RunFilter, type RunSort } from './run-filter.ts'
import type { SearchTerm } from './run-search.ts'
import { indexedWords, matchesAll } from './run-search-match.ts'

/** What a filter asks of the store. */
export function selectionOf({
  agents,
  statuses,
  workflow,
  from,
  to,
  longerThanSeconds,
  search,
}: RunFilter): RunSelection {
  const words = search.flatMap((term) => {
    const { kind, isNot } = term
    return kind === 'agent' || kind === 'status' || kind === 'workflow'
      ? [{ column: kind, value: term.value, isNot }]
      : []
  })
  const selection: RunSelection = {
    agents: agents.length > 0 ? agents.filter((agent) => agent !== localRuns) : undefined,
    isLocal: agents.includes(localRuns),
    statuses: statuses.length > 0 ? statuses : undefined,
    workflows: workflow === undefined ? undefined : [workflow],
    words,
    from,
    to,
    longerThan: longerThanSeconds,
    text: textOf(search.filter(({ kind }) => kind === 'words' || kind === 'field' || kind === 'error')),
  }
  return selection
}

export function orderOf(sort: RunSort): RunOrder {
  const isDescending = !sort.startsWith('-')
  return { by: (isDescending ? sort : sort.slice(1)) as RunOrder['by'], isDescending }
}

/** Terms of which the index of words, or the payloads, have to tell. */
function textOf(terms: SearchTerm[]): RunText | undefined {
  if (terms.length === 0) return undefined
  const match = matchOf(terms)
  return {
    match,
    isEnough: match !== undefined && terms.every((term) => indexedWords(term)?.isEnough),
    // What a run is and whose it is was asked of its row.
    holds: (payloads) => matchesAll(terms, { ...payloads, status: '', agent: '', workflow: '' }),
  }
}

const searchedColumns = 3

/** A query of FTS5 that finds every run for which all terms hold; undefined when the index can not help. */
function matchOf(terms: SearchTerm[]): string | undefined {
  const wanted = terms.filter(({ isNot }) => !isNot).flatMap((term) => queryOf(term) ?? [])
  // Only what the index decides alone may be left out by it.
  const unwanted = terms
    .filter((term) => term.isNot && indexedWords(term)?.isEnough)
    .flatMap((term) => queryOf(term) ?? [])
  if (wanted.length === 0) return undefined
  const all = wanted.join(' AND ')
  return unwanted.length === 0 ? all : `(${all}) NOT (${unwanted.join(' OR ')})`
}

/** All words in one of the columns. The index does not know in which order they stand. */
function queryOf(term: SearchTerm): string | undefined {
  const indexed = indexedWords(term)
  if (!indexed) return undefined
  const words = indexed.terms.map(written).join(' AND ')
  if (indexed.terms.length === 1 && indexed.columns.length === searchedColumns) return words
  return `(${indexed.columns.map((column) => `${column} : (${words})`).join(' OR ')})`
}

/** A term has no quotes in it. */
const written = ({ text, isBegun }: WantedTerm) => `"${text}"${isBegun ? ' *' : ''}`
