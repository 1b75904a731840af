import type { Health } from '../health/shown.ts'
import type { Agent } from '../registry/agent.ts'

export type BoardTab = 'down' | 'degraded' | 'busy' | 'healthy' | 'paused' | 'checking'
/** In this order on the page. */
export type BoardGroup = 'attention' | 'checking' | 'up' | 'paused'

/** Without a tab all agents; `text`: words that the name, the id or the URL has. */
export type AgentFilter = { tab: BoardTab | undefined; text: string }
export type BoardQuery = AgentFilter & { page: number }

type BoardAgent = Pick<Agent, 'id' | 'name' | 'url'> & { health: Pick<Health, 'state'> }

export type Board<One extends BoardAgent> = {
  registered: number
  counts: Record<BoardTab | 'all', number>
  /** How many agents of it are selected, and those of this page. Only groups of this page. */
  groups: { group: BoardGroup; agents: number; shown: One[] }[]
  found: number
  /** Of the first agent on this page, from 1. */
  first: number
  page: number
  pages: number
}

const maxOnPage = 100
const places: [state: Health['state'], tab: BoardTab, group: BoardGroup][] = [
  ['down', 'down', 'attention'],
  ['expired', 'down', 'attention'],
  ['degraded', 'degraded', 'attention'],
  ['unknown', 'checking', 'checking'],
  ['busy', 'busy', 'up'],
  ['healthy', 'healthy', 'up'],
  ['paused', 'paused', 'paused'],
]
const placeOf = new Map(places.map(([state, tab, group], rank) => [state, { tab, group, rank }]))

/** A page of the agents, which come by name: worst first, then by name. A page beyond the last is the last. */
export function boardOf<One extends BoardAgent>(agents: One[], { tab, text, page }: BoardQuery): Board<One> {
  const placed = agents.filter(selects(text)).map((agent) => ({ agent, ...placeOf.get(agent.health.state)! }))
  const found = placed.filter((one) => tab === undefined || one.tab === tab).sort((a, b) => a.rank - b.rank)
  const pages = Math.max(1, Math.ceil(found.length / maxOnPage))
  const shownPage = Math.min(page, pages)
  const start = (shownPage - 1) * maxOnPage
  const groups = Map.groupBy(found.slice(start, start + maxOnPage), ({ group }) => group)
  return {
    registered: agents.length,
    counts: countsOf(placed),
    groups: [...groups].map(([group, members]) => ({
      group,
      agents: found.filter((one) => one.group === group).length,
      shown: members.map(({ agent }) => agent),
    })),
    found: found.length,
    first: Math.min(start + 1, found.length),
    page: shownPage,
    pages,
  }
}

/** In the order that they come in. */
export function selectedAgents<One extends BoardAgent>(agents: One[], { tab, text }: AgentFilter): One[] {
  return agents
    .filter(selects(text))
    .filter(({ health }) => tab === undefined || placeOf.get(health.state)!.tab === tab)
}

function selects(text: string): (agent: BoardAgent) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return ({ name, id, url }) => {
    const searched = [name, id, url].map((one) => one.toLowerCase())
    return words.every((word) => searched.some((one) => one.includes(word)))
  }
}

function countsOf(placed: { tab: BoardTab }[]): Record<BoardTab | 'all', number> {
  const counts = { all: placed.length, down: 0, degraded: 0, busy: 0, healthy: 0, paused: 0, checking: 0 }
  for (const { tab } of placed) counts[tab]++
  return counts
}
