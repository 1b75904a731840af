import type { Clock } from '../../shared/clock.ts'
import { NotFoundError } from '../../shared/errors.ts'
import type { AgentChange, AgentRecord, AgentStore } from '../../store/ports/agents.ts'
import { type Agent, type AgentEdit, agentOf, byName, type RegisteredAgent, withDescription } from './agent.ts'
import { createHeartbeats } from './heartbeats.ts'
import type { Registration } from './registration.ts'
import type { Callable } from './target.ts'

const maxRemembered = 1000

/**
 * The agents that are registered, in memory: reading is synchronous. Our own changes are in it at once, those of another
 * program after `refresh`.
 */
export type Registry = {
  /** Takes in what another program has changed; reads nothing where nothing has. */
  refresh(): Promise<void>
  /** By name. */
  all(): Agent[]
  has(id: string): boolean
  find(id: string): Agent | undefined
  /** Throws NotFoundError. */
  get(id: string): Agent
  /** Where an agent is now, or was when it was removed; undefined when that was before this program started. */
  callable(id: string): Callable | undefined
  /** In the order of their registration, the last one first. */
  newestFirst(): RegisteredAgent[]
  /** Whether an agent that registered itself has stopped beating, whatever else it answers. */
  isExpired(agent: Agent): boolean
  withLife(agent: Agent): RegisteredAgent
  /** Moves when an agent was added, changed or removed, whoever did it; beats do not count. */
  version(): number
  save(registration: Registration): Promise<Agent>
  /** Throws NotFoundError. */
  edit(before: Agent, edit: AgentEdit): Promise<Agent>
  /** Pauses an agent at `at`, or ends its pause. Throws NotFoundError. */
  pause(id: string, at: number | undefined): Promise<Agent>
  /** Notes that an agent was heard of. Throws NotFoundError. */
  beat(id: string): Promise<Agent>
  /** Throws NotFoundError. */
  remove(id: string): Promise<void>
}

export function createRegistry(store: AgentStore, clock: Clock): Registry {
  const heartbeats = createHeartbeats(clock)
  /** In the order of their registration. */
  let known = new Map<string, Agent>()
  let sorted: Agent[] | undefined = []
  let readAt: string | undefined
  let reading: Promise<void> | undefined
  /** Moves with our own changes. */
  let changes = 0
  let version = 0
  /** Where agents were that have been removed since this program started. */
  const lastKnown = new Map<string, Callable>()

  /** What is read while we change something ourselves may be from before or after that. */
  async function read(): Promise<void> {
    for (let at = store.revision(); at !== readAt; at = store.revision()) {
      const before = changes
      const records = await store.all()
      if (changes !== before) continue
      takeOver(records.map(agentOf))
      readAt = at
    }
  }

  function takeOver(agents: Agent[]): void {
    const before = known
    known = new Map(agents.map((agent) => [agent.id, agent]))
    sorted = undefined
    agents.forEach(heartbeats.note)
    for (const agent of before.values()) if (!known.has(agent.id)) forget(agent)
    if (looksOf(before.values()) !== looksOf(agents)) version++
  }

  function put(agent: Agent): Agent {
    changes++
    const before = known.get(agent.id)
    if (looksOf(before ? [before] : []) !== looksOf([agent])) version++
    known.set(agent.id, agent)
    sorted = undefined
    heartbeats.note(agent)
    return agent
  }

  function drop(id: string): void {
    changes++
    const agent = known.get(id)
    if (!agent) return
    known.delete(id)
    sorted = undefined
    forget(agent)
    version++
  }

  function forget({ id, url, protocol }: Agent): void {
    heartbeats.forget(id)
    lastKnown.set(id, { url, protocol })
    if (lastKnown.size > maxRemembered) lastKnown.delete(lastKnown.keys().next().value!)
  }

  /** Of an agent that is gone, nothing is kept. */
  function changed(id: string, record: AgentRecord | undefined): Agent {
    if (record) return put(agentOf(record))
    drop(id)
    throw new NotFoundError('agent', id)
  }

  const change = async (id: string, change: AgentChange): Promise<Agent> => changed(id, await store.change(id, change))

  function get(id: string): Agent {
    const agent = known.get(id)
    if (!agent) throw new NotFoundError('agent', id)
    return agent
  }

  const withLife = (agent: Agent): RegisteredAgent => ({ ...agent, isAlive: heartbeats.isAlive(agent) })

  return {
    async refresh() {
      if (store.revision() === readAt) return
      reading ??= read().finally(() => {
        reading = undefined
      })
      await reading
    },

    all() {
      sorted ??= [...known.values()].sort(byName)
      return [...sorted]
    },

    has: (id) => known.has(id),

    find: (id) => known.get(id),

    get,

    callable: (id) => known.get(id) ?? lastKnown.get(id),

    newestFirst: () => [...known.values()].reverse().map(withLife),

    isExpired: (agent) => agent.isSelfRegistered && !heartbeats.isAlive(agent),

    withLife,

    version: () => version,

    save: async (registration) => put(agentOf(await store.save({ ...registration, at: clock.now() }))),

    edit(before, { name, url, description, ...checks }) {
      const { id, metadata, isSelfRegistered } = before
      const isRenamed = name !== before.name
      const isRedescribed = description !== before.description
      return change(id, {
        ...checks,
        ...(isRenamed && { name }),
        ...(url !== before.url && { url }),
        ...(isRedescribed && { metadata: withDescription(metadata, description) }),
        // An agent that registers itself says its own at every start.
        ...(isSelfRegistered && isRenamed && { givenName: name }),
        ...(isSelfRegistered && isRedescribed && { givenDescription: description }),
      })
    },

    pause: (id, pausedAt) => change(id, { pausedAt }),

    async beat(id) {
      const at = clock.now()
      if (!(await store.beat(id, at))) return changed(id, undefined)
      const agent = known.get(id)
      // One that the Python program registered may be known by its first beat to do so itself.
      return agent?.isSelfRegistered ? put({ ...agent, lastHeartbeatAt: at }) : changed(id, await store.get(id))
    },

    async remove(id) {
      const isRemoved = await store.remove(id)
      drop(id)
      if (!isRemoved) throw new NotFoundError('agent', id)
    },
  }
}

/** All that is shown of agents, but for their last beats. */
function looksOf(agents: Iterable<Agent>): string {
  return JSON.stringify([...agents].map(({ lastHeartbeatAt: _, ...agent }) => agent))
}
