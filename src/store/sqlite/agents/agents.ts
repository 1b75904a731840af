import { hostAndPort, isSameEndpoint, urlOfEndpoint } from '../../../shared/endpoint.ts'
import type { AgentChange, AgentRecord, AgentStore, NewAgent } from '../../ports/agents.ts'
import type { Store } from '../file/open.ts'
import { toDatetime } from '../sql/datetime.ts'
import { asc, eq, getTableColumns, sql } from '../sql/drizzle.ts'
import { agents } from '../sql/schema/agents.ts'

const { lastSchema, ...listed } = getTableColumns(agents)
type Row = Omit<typeof agents.$inferSelect, 'lastSchema'>

export function createAgentStore({
  db,
  write,
  othersVersion,
}: Pick<Store, 'db' | 'write' | 'othersVersion'>): AgentStore {
  const isIt = eq(agents.agentId, sql.placeholder('id'))
  const all = db
    .select(listed)
    .from(agents)
    .orderBy(asc(sql`replace(${agents.registeredAt}, 'T', ' ')`), asc(sql`rowid`))
    .prepare()
  const one = db.select(listed).from(agents).where(isIt).prepare()
  const beat = db
    .update(agents)
    .set({ lastHeartbeat: sql`${sql.placeholder('at')}` })
    .where(isIt)
    .prepare()
  const schemaOf = db.select({ lastSchema }).from(agents).where(isIt).prepare()

  return {
    revision: () => String(othersVersion()),

    all: async () => all.all().map(fromRow),

    get: async (id) => recordOf(one.get({ id })),

    schema: async (id) => schemaOf.get({ id })?.lastSchema ?? undefined,

    save: (agent) =>
      write(() => {
        const row = toRow(agent)
        const { agentId: _, registeredAt: __, ...changed } = row
        const given =
          agent.registeredBy === 'self'
            ? { agentName: sql`coalesce(${agents.givenName}, excluded.agent_name)` }
            : { givenName: null, givenDescription: null }
        const set = { ...changed, ...given, lastSchema: null }
        return fromRow(
          db.insert(agents).values(row).onConflictDoUpdate({ target: agents.agentId, set }).returning(listed).get(),
        )
      }),

    change: (id, change) =>
      write(() => {
        const before = one.get({ id })
        if (!before) return undefined
        const columns = columnsOf(change, before)
        if (Object.keys(columns).length === 0) return fromRow(before)
        return recordOf(db.update(agents).set(columns).where(eq(agents.agentId, id)).returning(listed).get())
      }),

    beat: (id, at) => write(() => beat.run({ id, at: toDatetime(at) }).changes > 0, { isSilent: true }),

    saveSchema: (id, lastSchema) =>
      write(() => void db.update(agents).set({ lastSchema }).where(eq(agents.agentId, id)).run()),

    remove: (id) => write(() => db.delete(agents).where(eq(agents.agentId, id)).run().changes > 0),
  }
}

function toRow({ id, name, url, host, port, metadata, registeredBy, ttlSeconds, at }: NewAgent) {
  return {
    agentId: id,
    agentName: name,
    host,
    port,
    baseUrl: url,
    ttlSeconds,
    agentMetadata: metadata,
    registeredBy,
    lastHeartbeat: at,
    registeredAt: at,
  }
}

function columnsOf(change: AgentChange, before: Row): Partial<Row> {
  const { name, url, metadata, ...others } = change
  const orNull = Object.fromEntries(Object.entries(others).map(([column, value]) => [column, value ?? null]))
  return {
    ...orNull,
    ...(name !== undefined && { agentName: name }),
    ...(metadata !== undefined && { agentMetadata: metadata }),
    // Where nothing else says who registered the agent, the base URL does.
    ...(url !== undefined && { ...hostAndPort(url), baseUrl: url, registeredBy: registeredBy(before) }),
  }
}

const recordOf = (row: Row | undefined): AgentRecord | undefined => row && fromRow(row)

function fromRow(row: Row): AgentRecord {
  const { pausedAt, registeredAt } = row
  return {
    id: row.agentId,
    name: row.givenName ?? row.agentName,
    url: urlOf(row),
    host: row.host,
    port: row.port ?? 0,
    metadata: row.agentMetadata,
    registeredBy: registeredBy(row),
    registeredAt,
    lastHeartbeatAt: row.lastHeartbeat,
    ttlSeconds: row.ttlSeconds ?? undefined,
    // Its time is unreadable, but a person paused it.
    pausedAt: Number.isNaN(pausedAt) ? registeredAt || 0 : (pausedAt ?? undefined),
    checkIntervalSeconds: row.checkIntervalSeconds ?? undefined,
    checkTimeoutSeconds: row.checkTimeoutSeconds ?? undefined,
    givenDescription: row.givenDescription ?? undefined,
  }
}

/**
 * Python keeps self-registered and manually added agents in the same columns: without a heartbeat since, it was manual.
 */
function registeredBy({ registeredBy, baseUrl, lastHeartbeat, registeredAt }: Row): 'hand' | 'self' {
  return registeredBy ?? (baseUrl === null && lastHeartbeat > registeredAt ? 'self' : 'hand')
}

/** Ours, unless Python has since changed host or port. */
function urlOf({ baseUrl, host, port }: Row): string {
  const theirs = urlOfEndpoint(host, port)
  return baseUrl !== null && isSameEndpoint(baseUrl, theirs) ? baseUrl : theirs
}
