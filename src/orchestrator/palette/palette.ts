import type { Actor } from '../../shared/actor.ts'
import { type Match, matchOf, wordsOf } from '../../shared/match.ts'
import { createMemo } from '../../shared/memo.ts'
import { hasEnded } from '../../shared/run-status.ts'
import type { SavedView } from '../../store/ports/saved-views.ts'
import type { Store } from '../../store/ports.ts'
import type { AgentList } from '../agents/service.ts'
import { orderOf } from '../history/filter.ts'
import type { SavedViews } from '../history/saved-views.ts'
import { idPattern } from '../history/search/ids.ts'
import type { Registry } from '../registry/registry.ts'
import type { Schemas } from '../registry/schemas.ts'
import { listedRun } from '../runs/listed-run.ts'
import type { ListedRun } from '../runs/runs.ts'
import type { UsualRuns } from '../runs/usual.ts'

type ListedAgent = AgentList['agents'][number]
type Found<T> = T & { match: Match }

export type PaletteAgent = Found<{ agent: ListedAgent }>
export type PaletteExecute = Found<{
  agent: ListedAgent
  workflow: string | undefined
  usualSeconds: number | undefined
}>

export type PaletteResults = {
  /** What the first character asks for. */
  kind: 'everything' | 'actions' | 'runs'
  /** Without that character. */
  text: string
  words: string[]
  execute: PaletteExecute[]
  agents: PaletteAgent[]
  runs: Found<{ run: ListedRun }>[]
  views: Found<{ view: SavedView }>[]
  /** The newest run that has ended and whose agent is registered. */
  lastRun: ListedRun | undefined
}

export type Palette = (typed: string, by: Actor) => Promise<PaletteResults>

const kinds: Record<string, PaletteResults['kind']> = { '>': 'actions', '#': 'runs' }
const maxExecute = 3
const maxAgents = 5
const maxRuns = 4
const maxViews = 4
/** Among so many, those that are up go first. */
const maxRanked = 40
const maxLatest = 100
/** Hexadecimal, with a digit, so that it is no word. */
const partOfId = /^(?=.*\d)[\da-f-]{4,}(?:…[\da-f-]*)?$/i

type Deps = {
  store: Pick<Store, 'history' | 'revision'>
  registry: Registry
  agent: (id: string) => ListedAgent
  agents: () => Pick<AgentList, 'agents'>
  schemas: Pick<Schemas, 'recall'>
  usual: UsualRuns
  views: Pick<SavedViews, 'all'>
}

/** Finds what a few typed letters may mean: agents, runs, saved views. Reads the newest runs alone. */
export function createPalette(deps: Deps): Palette {
  const { store, registry, schemas, usual, views } = deps
  const { history } = store
  const memo = createMemo(store.revision)
  const newest = orderOf('started')

  const latest = () =>
    memo('latest', async () => {
      const { runs } = await history.page({}, { order: newest, max: maxLatest })
      return runs.map((run) => listedRun(run, registry))
    })

  /** Without words, the agents of the newest runs; after the verb alone, these first. */
  async function executeFor(words: string[], found: PaletteAgent[]): Promise<PaletteExecute[]> {
    const names = namesAfterVerb(words)
    const { length } = names ?? words
    const all = names ? [...agentsFor(names, deps), ...found] : found
    const different = [...new Map(all.toReversed().map((one) => [one.agent.id, one])).values()].toReversed()
    const recent = length > 0 ? [] : (await latest()).flatMap(({ agentId }) => agentId ?? [])
    const chosen = names || length > 0 ? different : different.filter((one) => recent.includes(one.agent.id))
    const place = (one: PaletteAgent) => (length > 0 ? one.match.rank : [...recent, one.agent.id].indexOf(one.agent.id))
    const sorted = chosen.toSorted((a, b) => place(a) - place(b) || unable(a) - unable(b))
    return Promise.all(
      sorted.slice(0, maxExecute).map(async ({ agent, match }) => {
        const workflow = (await schemas.recall(agent))?.schema.workflow
        const took = workflow === undefined ? undefined : await usual({ agentId: agent.id, workflow })
        return { agent, match, workflow, usualSeconds: took?.p50Seconds }
      }),
    )
  }

  async function runsFor(text: string, words: string[], isId: boolean): Promise<Found<{ run: ListedRun }>[]> {
    const fits: Match = { rank: 0, marks: [] }
    if (isId || partOfId.test(text)) {
      const ids = { of: 'id', isNot: false, ...idPattern(text) } as const
      const { runs } = await history.page({ tests: [ids] }, { order: newest, max: maxRuns })
      if (isId || runs.length > 0) return runs.map((run) => ({ run: listedRun(run, registry), match: fits }))
    }
    const found = (await latest()).flatMap((run) => {
      const match = matchOf(words, run.workflow, [run.agentId ?? '', run.status, run.error ?? '', run.inputLine ?? ''])
      return match ? { run, match } : []
    })
    return found.slice(0, maxRuns)
  }

  async function viewsFor(words: string[], by: Actor): Promise<Found<{ view: SavedView }>[]> {
    const found = (await views.all(by)).flatMap((view) => {
      const match = matchOf(words, view.name)
      return match ? { view, match } : []
    })
    return found.sort((a, b) => a.match.rank - b.match.rank).slice(0, maxViews)
  }

  return async (typed, by) => {
    const kind = kinds[typed.trimStart()[0] ?? ''] ?? 'everything'
    const text = (kind === 'everything' ? typed : typed.trimStart().slice(1)).trim()
    const words = wordsOf(text)
    const found = kind === 'runs' ? [] : agentsFor(words, deps)
    return {
      kind,
      text,
      words,
      execute: kind === 'runs' ? [] : await executeFor(words, found),
      agents: kind === 'everything' ? found.toSorted(byTrouble(words)).slice(0, maxAgents) : [],
      runs: kind === 'actions' ? [] : await runsFor(text, words, kind === 'runs' && text !== ''),
      views: kind === 'everything' ? await viewsFor(words, by) : [],
      lastRun: kind === 'runs' ? undefined : (await latest()).find((run) => hasEnded(run.status) && isOurs(run)),
    }
  }

  function isOurs({ agentId }: ListedRun): boolean {
    return agentId !== undefined && registry.has(agentId)
  }
}

function agentsFor(
  words: string[],
  { registry, agent, agents }: Pick<Deps, 'registry' | 'agent' | 'agents'>,
): PaletteAgent[] {
  // What needs attention is found by its state.
  if (words.length === 0) return agents().agents.map((one) => ({ agent: one, match: { rank: 0, marks: [] } }))
  const found = registry.all().flatMap((one) => {
    const match = matchOf(words, one.name, [one.id, one.url.replace(/^https?:\/\//, '')])
    return match ? { one, match } : []
  })
  const ranked = found.sort((a, b) => a.match.rank - b.match.rank)
  return ranked.slice(0, maxRanked).map(({ one, match }) => ({ agent: agent(one.id), match }))
}

/** People type the verb of "Execute Writer…" too; "run" alone is more likely a page. */
function namesAfterVerb([verb = '', ...names]: string[]): string[] | undefined {
  const isExecute = verb.length >= 3 && 'execute'.startsWith(verb)
  return isExecute || (verb === 'run' && names.length > 0) ? names : undefined
}

const isDown = ({ health }: ListedAgent) => health.state === 'down' || health.state === 'expired'
const unable = ({ agent }: PaletteAgent) => (isDown(agent) ? 1 : 0)

/** Without words, what needs attention goes first. */
function byTrouble(words: string[]) {
  return (a: PaletteAgent, b: PaletteAgent) => (words.length > 0 ? 0 : unable(b) - unable(a))
}
