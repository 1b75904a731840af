import type { HistoryStore, NamesAsked, NamesFound } from '../../../store/ports/history.ts'
import type { NameKind } from '../../../store/ports/run-selection.ts'
import { localRuns, type RunFilter } from '../filter.ts'
import { idPattern, isIdStart } from './ids.ts'
import { nameKinds, type SearchTerm } from './terms.ts'

type KnownRuns = {
  hasName(kind: NameKind, name: string): boolean
  /** Undefined where there are too many. */
  names(kind: NameKind): string[] | undefined
  hasRun(id: string, isWhole: boolean): boolean
}

type LookUp = Pick<HistoryStore, 'lookUp'>

/** A filter with the names of the history: `Failed` becomes `failed`, `fail*` all that begin with it, an id its run. */
export async function asKnown(filter: RunFilter, history: LookUp): Promise<RunFilter> {
  return inKnownWords(filter, await knownOf(filter, history))
}

/** Exclusions of a name or an id that no run has: misspelt, they would select all runs. */
export async function emptyExclusions(
  filter: RunFilter,
  history: LookUp,
): Promise<{ kind: NameKind | 'id'; value: string }[]> {
  return exclusionsOfNone(filter.search, await knownOf(filter, history))
}

async function knownOf({ agents, statuses, workflow, search }: RunFilter, history: LookUp): Promise<KnownRuns> {
  const named = (kind: NameKind, names: string[]) => names.map((name) => ({ kind, name }))
  const terms = search.flatMap((term) => (term.kind === 'any' ? term.terms : [term]))
  const asked: NamesAsked = {
    names: [
      ...named(
        'agent',
        agents.filter((agent) => agent !== localRuns),
      ),
      ...named('status', statuses),
      ...named('workflow', workflow === undefined ? [] : [workflow]),
      ...terms.filter(isOfNames).flatMap(({ kind, values }) => named(kind, values)),
    ],
    ids: terms.flatMap((term) => {
      if (term.kind === 'id') return term.isNot ? [{ ...idPattern(term.value), isWhole: term.isWhole === true }] : []
      if (term.kind !== 'words' || term.id === undefined) return []
      return [{ ...idPattern(term.id), isWhole: !isIdStart(term.id) }]
    }),
  }
  const isNothing = asked.names.length === 0 && asked.ids.length === 0
  return knownIn(isNothing ? { names: [], all: {}, ids: [] } : await history.lookUp(asked))
}

function knownIn({ names, all, ids }: NamesFound): KnownRuns {
  return {
    hasName: (kind, name) => names.some((found) => found.kind === kind && found.name === name),
    names: (kind) => all[kind],
    hasRun(id, isWhole) {
      const { start, end } = idPattern(id)
      return ids.some((found) => found.start === start && found.end === end && found.isWhole === isWhole)
    },
  }
}

function inKnownWords(filter: RunFilter, known: KnownRuns): RunFilter {
  const { agents, statuses, workflow, search } = filter
  const all = (kind: NameKind, values: string[]) => [
    ...new Set(values.flatMap((value) => namesLike(known, kind, value))),
  ]
  const term = (one: SearchTerm): SearchTerm => {
    if (isOfNames(one)) return { ...one, values: all(one.kind, one.values) }
    if (one.kind === 'any') return { ...one, terms: one.terms.map(term) }
    if (one.kind !== 'words' || one.id === undefined) return one
    const isWhole = !isIdStart(one.id)
    if (!known.hasRun(one.id, isWhole)) return one
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

function exclusionsOfNone(search: SearchTerm[], known: KnownRuns): { kind: NameKind | 'id'; value: string }[] {
  return search.flatMap((term): { kind: NameKind | 'id'; value: string }[] => {
    if (term.kind === 'any') return exclusionsOfNone(term.terms, known)
    if (term.kind === 'id' && term.isNot)
      return known.hasRun(term.value, term.isWhole === true) ? [] : [{ kind: term.kind, value: term.value }]
    if (!isOfNames(term) || !term.isNot) return []
    const { kind, values } = term
    return values.filter((value) => !isThere(known, kind, value)).map((value) => ({ kind, value }))
  })
}

function isThere(known: KnownRuns, kind: NameKind, value: string): boolean {
  if (known.hasName(kind, value)) return true
  const names = known.names(kind)
  return !names || namesLike(known, kind, value).some((name) => names.includes(name))
}

function namesLike(known: KnownRuns, kind: NameKind, value: string): string[] {
  // Most are exact, and one look-up is quicker than listing all.
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
