import { index, sqliteTable, text } from '../drizzle.ts'
import { datetime, moment, seconds, varchar, whole } from './columns.ts'

export const agents = sqliteTable(
  'agents',
  {
    agentId: varchar('agent_id', { length: 255 }).primaryKey().notNull(),
    agentName: varchar('agent_name', { length: 256 }).notNull(),
    host: varchar('host', { length: 256 }).notNull(),
    port: whole('port').notNull(),
    lastHeartbeat: datetime('last_heartbeat').notNull(),
    ttlSeconds: whole('ttl_seconds').notNull(),
    agentMetadata: varchar('agent_metadata', { length: 4000 }),
    registeredAt: datetime('registered_at').notNull(),
    // Ours
    /** Counts as long as it agrees with host and port, which Python may change. */
    baseUrl: text('base_url'),
    lastSchema: text('last_schema'),
    /** Null where the Python program registered the agent. */
    registeredBy: text('registered_by', { enum: ['hand', 'self'] }),
    pausedAt: datetime('paused_at'),
    checkIntervalSeconds: seconds('check_interval_seconds'),
    checkTimeoutSeconds: seconds('check_timeout_seconds'),
    /** From a person: these win over what the agent says of itself. */
    givenName: text('given_name'),
    givenDescription: text('given_description'),
    ca: text('certificate_authority'),
    fingerprint: text('certificate_fingerprint'),
    healthPath: text('health_path'),
  },
  (table) => [index('ix_agents_last_heartbeat').on(table.lastHeartbeat)],
)

/** A table of its own: no program that reads agents comes upon it by accident. */
export const agentCredentials = sqliteTable('agent_credentials', {
  agentId: text('agent_id').primaryKey().notNull(),
  kind: text('kind', { enum: ['bearer', 'basic', 'headers'] }).notNull(),
  origin: text('origin').notNull(),
  sealed: text('sealed').notNull(),
  savedAt: moment('saved_at').notNull(),
})
