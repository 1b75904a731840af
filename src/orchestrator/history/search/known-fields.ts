import type { RunFilter } from '../filter.ts'
import { type IdPattern, idPattern, isIdStart } from './ids.ts'
import { type NameKind, nameKinds, type SearchTerm } from './terms.ts'

/** What there is in the history. */
export type KnownRuns = {
  hasName(kind: NameKind, name: string): boolean
  /** The different names of a kind; undefined where there are too many to be told one by one. */
  names(kind: NameKind): string[] | undefined
  hasRun(id: IdPattern, isWhole: boolean): boolean
}

/**
 * A filter in the words of the history. A status, agent or workflow that nothing has to the letter is that in any case
 * (`Failed`), and with a star at its end all that begin like it. A word that is the id of a run, or the beginning of one,
 * means that run.
 */
export function inKnownWords(filter: RunFilter, known: KnownRuns): RunFilter {
  const { agents, statuses, workflow, search } = filter
  const all = (kind: NameKind, values: string[]) => [
    ...new Set(values.flatMap((value) => namesLike(known, kind, value))),
  ]
  const term = (one: SearchTerm): SearchTerm => {
    if (isOfNames(one)) return { ...one, values: all(one.kind, one.values) }
    if (one.kind === 'any') return { ...one, terms: one.terms.map(term) }
    if (one.kind !== 'words' || one.id === undefined) return one
    const isWhole = !isIdStart(one.id)
    if (!known.hasRun(idPattern(one.id), isWhole)) return one
    return { kind: 'id', value: one.id, isNot: one.isNot, ...(isWhole && { isWhole }) }
  }
  const workflows = workflow === undefined ? [] : all('workflow', [workflow])
  const isAnyOf: SearchTerm[] = workflows.length > 1 ? [{ kind: 'workflow', values: workflows, isNot: false }] : []
  return {
    ...filter,
    agents: all('agent', agents),
    statuses: all('status', statuses),
    workflow: isAnyOf.length > 0 ? undefined : workflows[0],
    search: [...search.map(term), ...isAnyOf],
  }
}

/** What a search excludes by a name or an id that no run has: whoever misspelt it would get all runs. */
export function emptyExclusions(search: SearchTerm[], known: KnownRuns): { kind: NameKind | 'id'; value: string }[] {
  return search.flatMap((term): { kind: NameKind | 'id'; value: string }[] => {
    if (term.kind === 'any') return emptyExclusions(term.terms, known)
    if (term.kind === 'id' && term.isNot)
      return known.hasRun(idPattern(term.value), term.isWhole === true) ? [] : [{ kind: term.kind, value: term.value }]
    if (!isOfNames(term) || !term.isNot) return []
    const names = known.names(term.kind)
    const isThere = (value: string) => !names || namesLike(known, term.kind, value).some((name) => names.includes(name))
    return term.values.filter((value) => !isThere(value)).map((value) => ({ kind: term.kind, value }))
  })
}

function namesLike(known: KnownRuns, kind: NameKind, value: string): string[] {
  // Most are written as they are, and to look one up is quicker than to list all.
  if (known.hasName(kind, value)) return [value]
  const names = known.names(kind)
  if (!names) return [value]
  const small = value.toLowerCase()
  const begun = small.endsWith('*') ? small.slice(0, -1) : undefined
  const like = names.filter((name) => {
    const other = name.toLowerCase()
    return begun === undefined ? other === small : other.startsWith(begun)
  })
  return like.length > 0 ? like : [value]
}

function isOfNames(term: SearchTerm): term is Extract<SearchTerm, { kind: NameKind }> {
  return nameKinds.some((kind) => kind === term.kind)
}
