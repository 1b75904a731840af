import { hostAndPort, isSameEndpoint, urlOfEndpoint } from '../../../shared/endpoint.ts'
import { optionalOf, orNull } from '../../agents/optional.ts'
import type { AgentChange, AgentRecord, AgentStore, NewAgent, StoredCredential } from '../../ports/agents.ts'
import type { Store } from '../file/open.ts'
import { toDatetime } from '../sql/datetime.ts'
import { asc, eq, getTableColumns, sql } from '../sql/drizzle.ts'
import { agentCredentials, agents } from '../sql/schema/agents.ts'

const { lastSchema, ...ofAgent } = getTableColumns(agents)
const { agentId: _, ...credential } = getTableColumns(agentCredentials)
const listed = { ...ofAgent, credential }
type AgentRow = Omit<typeof agents.$inferSelect, 'lastSchema'>
type Row = AgentRow & { credential: StoredCredential | null }

export function createAgentStore({
  db,
  write,
  othersVersion,
}: Pick<Store, 'db' | 'write' | 'othersVersion'>): AgentStore {
  const isIt = eq(agents.agentId, sql.placeholder('id'))
  const isItsCredential = eq(agentCredentials.agentId, agents.agentId)
  const all = db
    .select(listed)
    .from(agents)
    .leftJoin(agentCredentials, isItsCredential)
    .orderBy(asc(sql`replace(${agents.registeredAt}, 'T', ' ')`), asc(sql`${agents}.rowid`))
    .prepare()
  const one = db.select(listed).from(agents).leftJoin(agentCredentials, isItsCredential).where(isIt).prepare()
  const beat = db
    .update(agents)
    .set({ lastHeartbeat: sql`${sql.placeholder('at')}` })
    .where(isIt)
    .prepare()
  const schemaOf = db.select({ lastSchema }).from(agents).where(isIt).prepare()

  function keepCredential(agentId: string, credential: StoredCredential | undefined): void {
    db.delete(agentCredentials).where(eq(agentCredentials.agentId, agentId)).run()
    if (credential)
      db.insert(agentCredentials)
        .values({ agentId, ...credential })
        .run()
  }

  return {
    revision: () => String(othersVersion()),

    all: async () => all.all().map(fromRow),

    get: async (id) => recordOf(one.get({ id })),

    schema: async (id) => schemaOf.get({ id })?.lastSchema ?? undefined,

    save: (agent) =>
      write(() => {
        const row = toRow(agent)
        const { agentId: id, registeredAt: _, ...changed } = row
        if ('credential' in agent || !one.get({ id })) keepCredential(id, agent.credential)
        const given =
          agent.registeredBy === 'self'
            ? { agentName: sql`coalesce(${agents.givenName}, excluded.agent_name)` }
            : { givenName: null, givenDescription: null }
        const set = { ...changed, ...given, lastSchema: null }
        db.insert(agents).values(row).onConflictDoUpdate({ target: agents.agentId, set }).run()
        return fromRow(one.get({ id })!)
      }),

    change: (id, change) =>
      write(() => {
        const before = one.get({ id })
        if (!before) return undefined
        const columns = columnsOf(change, before)
        if ('credential' in change) keepCredential(id, change.credential)
        if (Object.keys(columns).length > 0) db.update(agents).set(columns).where(eq(agents.agentId, id)).run()
        return recordOf(one.get({ id }))
      }),

    beat: (id, at) => write(() => beat.run({ id, at: toDatetime(at) }).changes > 0, { isSilent: true }),

    saveSchema: (id, lastSchema) =>
      write(() => void db.update(agents).set({ lastSchema }).where(eq(agents.agentId, id)).run()),

    remove: (id) =>
      write(() => {
        keepCredential(id, undefined)
        return db.delete(agents).where(eq(agents.agentId, id)).run().changes > 0
      }),
  }
}

function toRow({ id, name, url, host, port, metadata, registeredBy, ttlSeconds, at, ...access }: NewAgent) {
  const { credential: _, ...ofAgent } = access
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
    ...orNull(ofAgent),
  }
}

function columnsOf(change: AgentChange, before: Row): Partial<AgentRow> {
  const { name, url, metadata, credential: _, ...others } = change
  return {
    ...orNull(others),
    ...(name !== undefined && { agentName: name }),
    ...(metadata !== undefined && { agentMetadata: metadata }),
    // Where nothing else says who registered the agent, the base URL does.
    ...(url !== undefined && { ...hostAndPort(url), baseUrl: url, registeredBy: registeredBy(before) }),
  }
}

const recordOf = (row: Row | undefined): AgentRecord | undefined => row && fromRow(row)

export function fromRow(row: Row): AgentRecord {
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
    // Its time is unreadable, but a person paused it.
    pausedAt: Number.isNaN(pausedAt) ? registeredAt || 0 : (pausedAt ?? undefined),
    ...optionalOf(row),
  }
}

/** Python keeps self-registered and manually added agents in the same columns: without a heartbeat since, it was
 * manual. */
function registeredBy({ registeredBy, baseUrl, lastHeartbeat, registeredAt }: AgentRow): 'hand' | 'self' {
  return registeredBy ?? (baseUrl === null && lastHeartbeat > registeredAt ? 'self' : 'hand')
}

/** Ours, unless Python has since changed host or port. */
function urlOf({ baseUrl, host, port }: AgentRow): string {
  const theirs = urlOfEndpoint(host, port)
  return baseUrl !== null && isSameEndpoint(baseUrl, theirs) ? baseUrl : theirs
}
