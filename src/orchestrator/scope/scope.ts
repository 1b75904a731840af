/** The agents that somebody may see, where that is not all of them. An empty list has none. */
export type Scope = {
  /** In order, each once. */
  agents: string[]
  has(agent: string): boolean
  /** Of a selection of agents, those that are in it; without a selection, all that are. */
  within(agents: string[] | undefined): string[]
}

export function scopeOf(list: readonly string[]): Scope {
  const agents = [...new Set(list)].sort()
  const known = new Set(agents)
  return {
    agents,
    has: (agent) => known.has(agent),
    within: (some) => some?.filter((agent) => known.has(agent)) ?? agents,
  }
}

/** In a narrowed port, what is the dashboard's own work: nobody who asks for something has any part in it. */
export const notForReaders = (): never => {
  throw new Error('This is the own work of the dashboard, which is about all agents')
}
