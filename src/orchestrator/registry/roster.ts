import { type Agent, byName } from './agent.ts'
import type { Heartbeats } from './heartbeats.ts'
import { type Callable, callableOf } from './target.ts'

const maxRemembered = 1000

export type Roster = {
  get(id: string): Agent | undefined
  byName(): Agent[]
  inOrderOfRegistration(): Agent[]
  /** Also of agents that were removed since this program started. */
  callable(id: string): Callable | undefined
  /** Moves with every change; beats do not count. */
  version(): number
  replaceAll(agents: Agent[]): void
  put(agent: Agent): Agent
  drop(id: string): void
}

export function createRoster(heartbeats: Pick<Heartbeats, 'note' | 'forget'>): Roster {
  let known = new Map<string, Agent>()
  let sorted: Agent[] | undefined = []
  let version = 0
  const lastKnown = new Map<string, Callable>()

  function remember(agent: Agent): void {
    const { id } = agent
    heartbeats.forget(id)
    lastKnown.set(id, callableOf(agent))
    if (lastKnown.size > maxRemembered) lastKnown.delete(lastKnown.keys().next().value!)
  }

  return {
    get: (id) => known.get(id),

    byName() {
      sorted ??= [...known.values()].sort(byName)
      return [...sorted]
    },

    inOrderOfRegistration: () => [...known.values()],

    callable: (id) => known.get(id) ?? lastKnown.get(id),

    version: () => version,

    replaceAll(agents) {
      const before = known
      known = new Map(agents.map((agent) => [agent.id, agent]))
      sorted = undefined
      agents.forEach(heartbeats.note)
      for (const agent of before.values()) if (!known.has(agent.id)) remember(agent)
      if (shownFactsOf(before.values()) !== shownFactsOf(agents)) version++
    },

    put(agent) {
      const before = known.get(agent.id)
      if (shownFactsOf(before ? [before] : []) !== shownFactsOf([agent])) version++
      known.set(agent.id, agent)
      sorted = undefined
      heartbeats.note(agent)
      return agent
    },

    drop(id) {
      const agent = known.get(id)
      if (!agent) return
      known.delete(id)
      sorted = undefined
      remember(agent)
      version++
    },
  }
}

function shownFactsOf(agents: Iterable<Agent>): string {
  return JSON.stringify([...agents].map(({ lastHeartbeatAt: _, ...agent }) => agent))
}
