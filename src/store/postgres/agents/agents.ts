import { hostAndPort } from '../../../shared/endpoint.ts'
import { optionalOf, orNull } from '../../agents/optional.ts'
import type { AgentChange, AgentRecord, AgentStore, NewAgent, StoredCredential } from '../../ports/agents.ts'
import type { Database } from '../database/open.ts'
import type { Session } from '../database/session.ts'
import { asc, eq, getTableColumns, sql } from '../sql/drizzle.ts'
import { agentCredentials, agents } from '../sql/schema/agents.ts'

const { lastSchema, ...ofAgent } = getTableColumns(agents)
const { agentId: _, ...credential } = getTableColumns(agentCredentials)
type AgentRow = Omit<typeof agents.$inferSelect, 'lastSchema'>
type Row = AgentRow & { credential: StoredCredential | null }

const isIt = (id: string) => eq(agents.id, id)
const listed = ({ db }: Session) =>
  db
    .select({ ...ofAgent, credential })
    .from(agents)
    .leftJoin(agentCredentials, eq(agentCredentials.agentId, agents.id))

export function createAgentStore({
  read,
  write,
  othersRevision,
}: Pick<Database, 'read' | 'write' | 'othersRevision'>): AgentStore {
  const one = async (session: Session, id: string): Promise<Row | undefined> =>
    (await listed(session).where(isIt(id)))[0]

  return {
    revision: othersRevision,

    all: () =>
      read(async (session) =>
        (await listed(session).orderBy(asc(agents.registeredAt), asc(agents.number))).map(recordOf),
      ),

    get: (id) => read(async (session) => known(await one(session, id))),

    schema: (id) =>
      read(
        async ({ db }) => (await db.select({ lastSchema }).from(agents).where(isIt(id)))[0]?.lastSchema ?? undefined,
      ),

    save: (agent) =>
      write(async (session) => {
        const { registeredAt: _, ...changed } = rowOf(agent)
        const given =
          agent.registeredBy === 'self'
            ? { name: sql`coalesce(${agents.givenName}, excluded.name)` }
            : { givenName: null, givenDescription: null }
        await session.db
          .insert(agents)
          .values(rowOf(agent))
          .onConflictDoUpdate({ target: agents.id, set: { ...changed, ...given, lastSchema: null } })
        if ('credential' in agent) await keepCredential(session, agent.id, agent.credential)
        return recordOf((await one(session, agent.id))!)
      }),

    change: (id, change) =>
      write(async (session) => {
        const { db } = session
        const found = await db.select({ id: agents.id }).from(agents).where(isIt(id)).for('update')
        if (found.length === 0) return undefined
        const columns = columnsOf(change)
        if ('credential' in change) await keepCredential(session, id, change.credential)
        if (Object.keys(columns).length > 0) await db.update(agents).set(columns).where(isIt(id))
        return known(await one(session, id))
      }),

    beat: (id, at) =>
      write(
        async ({ db }) => {
          const { rowCount } = await db.update(agents).set({ lastHeartbeatAt: at }).where(isIt(id))
          return rowCount !== 0
        },
        { isSilent: true },
      ),

    saveSchema: (id, lastSchema) =>
      write(async ({ db }) => {
        await db.update(agents).set({ lastSchema }).where(isIt(id))
      }),

    remove: (id) =>
      write(async (session) => {
        const { rowCount } = await session.db.delete(agents).where(isIt(id))
        await keepCredential(session, id, undefined)
        return rowCount !== 0
      }),
  }
}

async function keepCredential({ db }: Session, agentId: string, kept: StoredCredential | undefined): Promise<void> {
  await db.delete(agentCredentials).where(eq(agentCredentials.agentId, agentId))
  if (kept) await db.insert(agentCredentials).values({ agentId, ...kept })
}

function rowOf({ credential: _, at, ...agent }: NewAgent) {
  return { ...orNull(agent), registeredAt: at, lastHeartbeatAt: at }
}

function columnsOf({ credential: _, name, url, metadata, ...others }: AgentChange): Partial<AgentRow> {
  return {
    ...orNull(others),
    ...(name !== undefined && { name }),
    ...(metadata !== undefined && { metadata }),
    ...(url !== undefined && { ...hostAndPort(url), url }),
  }
}

const known = (row: Row | undefined): AgentRecord | undefined => row && recordOf(row)

function recordOf({ number: _, name, givenName, ...row }: Row): AgentRecord {
  return {
    ...row,
    name: givenName ?? name,
    pausedAt: row.pausedAt ?? undefined,
    ...optionalOf(row),
  }
}
