import type { AgentRecord, CredentialKind } from '../../../ports/agents.ts'
import { doublePrecision, integer, pgTable, text } from '../drizzle.ts'
import { moment, name, number } from './columns.ts'

export const agents = pgTable('agents', {
  id: name('id').primaryKey(),
  number: number('number').notNull(),
  name: text('name').notNull(),
  url: text('url').notNull(),
  host: text('host').notNull(),
  port: integer('port').notNull(),
  metadata: text('metadata'),
  registeredBy: name('registered_by').$type<AgentRecord['registeredBy']>().notNull(),
  registeredAt: moment('registered_at').notNull(),
  lastHeartbeatAt: moment('last_heartbeat_at').notNull(),
  ttlSeconds: doublePrecision('ttl_seconds'),
  checkIntervalSeconds: doublePrecision('check_interval_seconds'),
  checkTimeoutSeconds: doublePrecision('check_timeout_seconds'),
  pausedAt: moment('paused_at'),
  /** From a person: these win over what the agent says of itself. */
  givenName: text('given_name'),
  givenDescription: text('given_description'),
  ca: text('certificate_authority'),
  fingerprint: text('certificate_fingerprint'),
  healthPath: text('health_path'),
  lastSchema: text('last_schema'),
})

/** A table of its own: no program that reads agents comes upon it by accident. */
export const agentCredentials = pgTable('agent_credentials', {
  agentId: name('agent_id').primaryKey(),
  kind: name('kind').$type<CredentialKind>().notNull(),
  origin: text('origin').notNull(),
  sealed: text('sealed').notNull(),
  savedAt: moment('saved_at').notNull(),
})
