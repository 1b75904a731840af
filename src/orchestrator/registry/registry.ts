import type { ProtocolName } from '../../agent/protocol.ts'
import type { Clock } from '../../shared/clock.ts'
import { hostAndPort, isSameEndpoint, urlOfEndpoint } from '../../shared/endpoint.ts'
import { NotFoundError } from '../../shared/errors.ts'
import { looseValue } from '../../shared/json.ts'
import type { AgentChange, AgentRow, AgentTable } from '../../store/sqlite/agents/agents.ts'
import { createHeartbeats } from './heartbeats.ts'
import type { Registration } from './registration.ts'
import { agentAt, type Callable } from './target.ts'

/** An agent as everything above the store knows it. Times are milliseconds since 1970. */
export type Agent = {
  id: string
  name: string
  url: string
  protocol: ProtocolName
  host: string
  port: number
  description: string
  /** JSON text, or whatever the agent sent as such. */
  metadata: string | null
  /** Whether the agent registered itself: then it also beats, and expires when it stops. */
  isSelfRegistered: boolean
  registeredAt: number
  lastHeartbeatAt: number
  ttlSeconds: number
  pausedAt: number | undefined
  /** How it is checked, where that is not as for all others. */
  checkIntervalSeconds: number | undefined
  checkTimeoutSeconds: number | undefined
}

/** An agent as who keeps to its heartbeats sees it. */
export type RegisteredAgent = Agent & { isAlive: boolean }

/** What can be changed of an agent that is registered. */
export type AgentEdit = {
  name: string
  url: string
  description: string
  checkIntervalSeconds: number | undefined
  checkTimeoutSeconds: number | undefined
}

const mostRemembered = 1000
/** As the contract has it. */
const usualTtlSeconds = 60
export const longestIntervalSeconds = 86_400
export const longestTimeoutSeconds = 60

export type Registry = ReturnType<typeof createRegistry>

/**
 * The agents that are registered. The table is read again only after the database has changed, by us or by the Python
 * program; `revision` says when.
 */
export function createRegistry(table: AgentTable, revision: () => string, clock: Clock) {
  const heartbeats = createHeartbeats(clock)
  let known = new Map<string, Agent>()
  let knownAt = ''
  let knownAs = ''
  let version = 0
  /** Where agents were that have been removed since this program started. */
  const lastKnown = new Map<string, Callable>()

  function current(): Map<string, Agent> {
    const now = revision()
    if (now === knownAt) return known
    const agents = table.all().map(fromRow)
    const before = known
    known = new Map(agents.map((agent) => [agent.id, agent]))
    agents.forEach(heartbeats.note)
    for (const agent of before.values()) {
      if (known.has(agent.id)) continue
      rememberAddress(agent)
      heartbeats.forget(agent.id)
    }
    knownAt = now
    const written = JSON.stringify(agents.map(({ lastHeartbeatAt: _, ...agent }) => agent))
    if (written !== knownAs) version++
    knownAs = written
    return known
  }

  function rememberAddress({ id, url, protocol }: Agent): void {
    lastKnown.set(id, { url, protocol })
    if (lastKnown.size > mostRemembered) lastKnown.delete(lastKnown.keys().next().value!)
  }

  /** Of one agent its own row tells, where the others may have changed too: those who ask for one need not wait for all. */
  function find(id: string): Agent | undefined {
    if (revision() === knownAt) return known.get(id)
    const row = table.get(id)
    return row && fromRow(row)
  }

  /** Throws NotFoundError. */
  function get(id: string): Agent {
    const agent = find(id)
    if (!agent) throw new NotFoundError('agent', id)
    return agent
  }

  const withLife = (agent: Agent): RegisteredAgent => ({ ...agent, isAlive: heartbeats.isAlive(agent) })

  async function change(id: string, change: AgentChange): Promise<Agent> {
    const row = await table.change(id, change)
    if (!row) throw new NotFoundError('agent', id)
    return fromRow(row)
  }

  return {
    /** By name. */
    all: (): Agent[] => [...current().values()],

    has: (id: string): boolean => current().has(id),

    find,

    get,

    /** Where an agent is now, or was when it was removed; undefined when that was before this program started. */
    callable: (id: string): Callable | undefined => find(id) ?? lastKnown.get(id),

    /** In the order of their registration, the last one first. */
    newestFirst(): RegisteredAgent[] {
      const agents = current()
      return table
        .newestFirst()
        .flatMap((id) => agents.get(id) ?? [])
        .map(withLife)
    },

    /** Whether an agent that registered itself has stopped beating, whatever else it answers. */
    isExpired: (agent: Agent): boolean => agent.isSelfRegistered && !heartbeats.isAlive(agent),

    withLife,

    /** Moves when an agent was added, changed or removed, whoever did it; beats do not count. */
    version(): number {
      current()
      return version
    },

    /** The same without a look into the database: changes of another program come in when someone else looks. */
    knownVersion: (): number => version,

    async save({ id, name, url, host, port, ttlSeconds, metadata, registeredBy }: Registration): Promise<Agent> {
      const now = clock.now()
      const row = await table.save({
        agentId: id,
        agentName: name,
        host,
        port,
        baseUrl: url,
        ttlSeconds,
        agentMetadata: metadata,
        registeredBy,
        lastHeartbeat: now,
        registeredAt: now,
      })
      const agent = fromRow(row)
      heartbeats.note(agent)
      return agent
    },

    /** Throws NotFoundError. */
    edit(before: Agent, { name, url, description, ...checks }: AgentEdit): Promise<Agent> {
      const { id, metadata, isSelfRegistered } = before
      // A base URL is also a sign of who registered the agent, where nothing else says that.
      const place = { ...hostAndPort(url), baseUrl: url, ...(isSelfRegistered && { registeredBy: 'self' as const }) }
      // An agent that registers itself says its own at every start.
      const given = {
        ...(name !== before.name && { givenName: name }),
        ...(description !== before.description && { givenDescription: description }),
      }
      return change(id, {
        agentName: name,
        ...(url !== before.url && place),
        ...(description !== before.description && { agentMetadata: withDescription(metadata, description) }),
        ...(isSelfRegistered && given),
        checkIntervalSeconds: checks.checkIntervalSeconds ?? null,
        checkTimeoutSeconds: checks.checkTimeoutSeconds ?? null,
      })
    },

    /** Pauses an agent at `at`, or ends its pause. Throws NotFoundError. */
    pause: (id: string, at: number | undefined): Promise<Agent> => change(id, { pausedAt: at ?? null }),

    /** Notes that an agent was heard of. Throws NotFoundError. */
    async beat(id: string): Promise<Agent> {
      const at = clock.now()
      if (!(await table.beat(id, at))) throw new NotFoundError('agent', id)
      const beaten = { ...get(id), lastHeartbeatAt: at }
      heartbeats.note(beaten)
      known.set(id, beaten)
      // One that the Python program registered may be known by its first beat to do so itself.
      if (!beaten.isSelfRegistered) knownAt = ''
      return get(id)
    },

    /** Throws NotFoundError. */
    async remove(id: string): Promise<void> {
      const agent = find(id)
      if (!(await table.remove(id))) throw new NotFoundError('agent', id)
      if (agent) rememberAddress(agent)
    },
  }
}

const sensible = (seconds: number | null, most: number): number | undefined =>
  seconds !== null && seconds >= 1 && seconds <= most ? seconds : undefined

/** Another program may have left anything in a row: what makes no sense counts as not said. */
function fromRow(row: AgentRow): Agent {
  const { pausedAt, checkIntervalSeconds: interval, checkTimeoutSeconds: timeout } = row
  return {
    id: row.agentId,
    name: row.givenName ?? row.agentName,
    ...agentAt(urlOf(row)),
    host: row.host,
    port: row.port ?? 0,
    description: row.givenDescription ?? descriptionIn(row.agentMetadata),
    metadata: row.agentMetadata,
    isSelfRegistered: hasRegisteredItself(row),
    registeredAt: row.registeredAt,
    lastHeartbeatAt: row.lastHeartbeat,
    ttlSeconds: row.ttlSeconds ?? usualTtlSeconds,
    // Whoever paused it wants it left alone, whenever that was.
    pausedAt: pausedAt === null ? undefined : Number.isNaN(pausedAt) ? row.registeredAt || 0 : pausedAt,
    checkIntervalSeconds: sensible(interval, longestIntervalSeconds),
    checkTimeoutSeconds: sensible(timeout, longestTimeoutSeconds),
  }
}

/**
 * The Python program keeps agents that beat, and agents that a person entered, in the same columns: one that has never
 * beaten since it was entered is taken for the latter, as nothing would ever bring it back.
 */
function hasRegisteredItself({ registeredBy, baseUrl, lastHeartbeat, registeredAt }: AgentRow): boolean {
  if (registeredBy !== null) return registeredBy === 'self'
  return baseUrl === null && lastHeartbeat > registeredAt
}

function descriptionIn(metadata: string | null): string {
  // Most have none, and to read what may be Python takes time.
  if (!metadata?.includes('description')) return ''
  const value = looseValue(metadata)
  const said = typeof value === 'object' && value !== null ? (value as { description?: unknown }).description : ''
  return typeof said === 'string' ? said : ''
}

/** Metadata that are an object keep everything else in them; an agent may have sent anything, which then stays. */
export function withDescription(metadata: string | null, description: string): string | null {
  if (description === descriptionIn(metadata)) return metadata
  const value = looseValue(metadata ?? '')
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return JSON.stringify({ ...(isObject ? value : {}), description })
}

/** Our fuller base URL, unless Python has since written another host or port into its own columns. */
function urlOf({ baseUrl, host, port }: AgentRow): string {
  const theirs = urlOfEndpoint(host, port)
  return baseUrl !== null && isSameEndpoint(baseUrl, theirs) ? baseUrl : theirs
}
