import type { Store } from '../file/open.ts'
import { toDatetime } from '../sql/datetime.ts'
import { asc, desc, eq, getTableColumns, sql } from '../sql/drizzle.ts'
import { agents } from '../sql/schema.ts'

/** An agent's row without its last schema, which may be a megabyte. */
export type AgentRow = Omit<typeof agents.$inferSelect, 'lastSchema'>
/** What a registration says of an agent. */
export type RegisteredRow = Omit<
  AgentRow,
  'pausedAt' | 'checkIntervalSeconds' | 'checkTimeoutSeconds' | 'givenName' | 'givenDescription'
>
export type AgentChange = Partial<Omit<AgentRow, 'agentId'>>

export type AgentTable = ReturnType<typeof createAgentTable>

/** The table `agents`. Writing methods resolve when the change is on disk. */
export function createAgentTable({ db, write }: Store) {
  const { lastSchema, ...listed } = getTableColumns(agents)
  const all = db
    .select(listed)
    .from(agents)
    .orderBy(asc(sql`lower(coalesce(${agents.givenName}, ${agents.agentName}))`), asc(agents.agentId))
    .prepare()
  const one = db
    .select(listed)
    .from(agents)
    .where(eq(agents.agentId, sql.placeholder('id')))
    .prepare()
  const newestFirst = db
    .select({ agentId: agents.agentId })
    .from(agents)
    // Of those of one moment, the one that was added last.
    .orderBy(desc(sql`replace(${agents.registeredAt}, 'T', ' ')`), desc(sql`rowid`))
    .prepare()
  const beat = db
    .update(agents)
    .set({ lastHeartbeat: sql`${sql.placeholder('at')}` })
    .where(eq(agents.agentId, sql.placeholder('id')))
    .prepare()
  const schemaOf = db
    .select({ lastSchema })
    .from(agents)
    .where(eq(agents.agentId, sql.placeholder('id')))
    .prepare()

  return {
    /** By name. */
    all: (): AgentRow[] => all.all(),

    get: (id: string): AgentRow | undefined => one.get({ id }),

    /** The ids of all, the one registered last at the beginning. */
    newestFirst: (): string[] => newestFirst.all().map(({ agentId }) => agentId),

    /** The agent's last good answer to GET /schema, as it was. */
    schemaOf: (id: string): string | null => schemaOf.get({ id })?.lastSchema ?? null,

    /**
     * Adds an agent, or replaces the one of that id. `registered_at` is the first one's; how it is checked, and whether
     * it is paused, stays as it was, and so does what a person calls an agent that registers itself.
     */
    save: (row: RegisteredRow): Promise<AgentRow> =>
      write(() => {
        const { agentId: _, registeredAt: __, ...changed } = row
        const given =
          row.registeredBy === 'self'
            ? { agentName: sql`coalesce(${agents.givenName}, excluded.agent_name)` }
            : { givenName: null, givenDescription: null }
        return db
          .insert(agents)
          .values(row)
          .onConflictDoUpdate({ target: agents.agentId, set: { ...changed, ...given, lastSchema: null } })
          .returning(listed)
          .get()
      }),

    /** Resolves to the row as it is then, or to undefined when there is none. */
    change: (id: string, change: AgentChange): Promise<AgentRow | undefined> =>
      write(() => db.update(agents).set(change).where(eq(agents.agentId, id)).returning(listed).get()),

    /** Resolves to whether there is such an agent. Silent, as beats come from every agent all the time. */
    beat: (id: string, at: number): Promise<boolean> =>
      write(() => beat.run({ id, at: toDatetime(at) }).changes > 0, { isSilent: true }),

    saveSchema: (id: string, lastSchema: string): Promise<unknown> =>
      write(() => db.update(agents).set({ lastSchema }).where(eq(agents.agentId, id)).run()),

    /** Resolves to whether there was one. Its runs stay. */
    remove: (id: string): Promise<boolean> =>
      write(() => db.delete(agents).where(eq(agents.agentId, id)).run().changes > 0),
  }
}
