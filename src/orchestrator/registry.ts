import { addressOf, hostAndPort } from '../agent/address.ts'
import type { Clock } from '../clock.ts'
import { NotFoundError } from '../errors.ts'
import { looseValue } from '../json.ts'
import type { AgentRow, AgentTable } from '../store/agents.ts'
import type { Registration } from './registration.ts'

/** An agent as everything above the store knows it. Times are milliseconds since 1970. */
export type Agent = {
  id: string
  name: string
  url: string
  description: string
  registeredAt: number
  lastHeartbeatAt: number
  ttlSeconds: number
}

export type Registry = ReturnType<typeof createRegistry>

/**
 * The agents that are registered. The table is read again only after the database has changed, by us or by the Python
 * program; `revision` says when.
 */
export function createRegistry(table: AgentTable, revision: () => string, clock: Clock) {
  let known = new Map<string, Agent>()
  let knownAt = ''

  function current(): Map<string, Agent> {
    const now = revision()
    if (now !== knownAt) {
      known = new Map(table.all().map((row) => [row.agentId, fromRow(row)]))
      knownAt = now
    }
    return known
  }

  return {
    all: (): Agent[] => [...current().values()],

    has: (id: string): boolean => current().has(id),

    find: (id: string): Agent | undefined => current().get(id),

    /** Throws NotFoundError. */
    get(id: string): Agent {
      const agent = current().get(id)
      if (!agent) throw new NotFoundError('agent', id)
      return agent
    },

    async save({ id, name, url, ttlSeconds, metadata }: Registration): Promise<Agent> {
      const now = clock.now()
      const row = await table.save({
        agentId: id,
        agentName: name,
        ...hostAndPort(url),
        baseUrl: url,
        ttlSeconds,
        agentMetadata: JSON.stringify(metadata),
        lastHeartbeat: now,
        registeredAt: now,
      })
      return fromRow(row)
    },

    /** Throws NotFoundError. */
    async remove(id: string): Promise<void> {
      if (!(await table.remove(id))) throw new NotFoundError('agent', id)
    },
  }
}

function fromRow(row: AgentRow): Agent {
  const metadata = looseValue(row.agentMetadata ?? '')
  const description =
    typeof metadata === 'object' && metadata !== null ? (metadata as { description?: unknown }).description : ''
  return {
    id: row.agentId,
    name: row.agentName,
    url: urlOf(row),
    description: typeof description === 'string' ? description : '',
    registeredAt: row.registeredAt,
    lastHeartbeatAt: row.lastHeartbeat,
    ttlSeconds: row.ttlSeconds,
  }
}

/** Our fuller base URL, unless Python has since written another host or port into its own columns. */
function urlOf({ baseUrl, host, port }: AgentRow): string {
  if (baseUrl !== null && URL.canParse(baseUrl)) {
    const ours = hostAndPort(baseUrl)
    if (ours.host === host && ours.port === port) return baseUrl
  }
  return addressOf(host, port)
}
