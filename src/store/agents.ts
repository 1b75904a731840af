import { asc, eq, getTableColumns, sql } from './drizzle.ts'
import type { Store } from './open.ts'
import { agents } from './schema.ts'

/** An agent's row without its last schema, which may be a megabyte. */
export type AgentRow = Omit<typeof agents.$inferSelect, 'lastSchema'>

export type AgentTable = ReturnType<typeof createAgentTable>

/** The table `agents`. Writing methods resolve when the change is on disk. */
export function createAgentTable({ db, write }: Store) {
  const { lastSchema, ...listed } = getTableColumns(agents)
  const all = db
    .select(listed)
    .from(agents)
    .orderBy(asc(sql`lower(${agents.agentName})`), asc(agents.agentId))
    .prepare()
  const schemaOf = db
    .select({ lastSchema })
    .from(agents)
    .where(eq(agents.agentId, sql.placeholder('id')))
    .prepare()

  return {
    /** By name. */
    all: (): AgentRow[] => all.all(),

    /** The agent's last good answer to GET /schema, as it was. */
    schemaOf: (id: string): string | null => schemaOf.get({ id })?.lastSchema ?? null,

    /** Adds an agent, or replaces the one of that id except for `registered_at`, which is the first one's. */
    save: (row: AgentRow): Promise<AgentRow> =>
      write(() => {
        const { agentId: _, registeredAt: __, ...changed } = row
        return db
          .insert(agents)
          .values(row)
          .onConflictDoUpdate({ target: agents.agentId, set: { ...changed, lastSchema: null } })
          .returning()
          .get()
      }),

    saveSchema: (id: string, lastSchema: string): Promise<unknown> =>
      write(() => db.update(agents).set({ lastSchema }).where(eq(agents.agentId, id)).run()),

    /** Resolves to whether there was one. Its runs stay. */
    remove: (id: string): Promise<boolean> =>
      write(() => db.delete(agents).where(eq(agents.agentId, id)).run().changes > 0),
  }
}
