import { index, integer, primaryKey, real, sqliteTable, text } from '../drizzle.ts'
import { varchar } from './columns.ts'

export const healthChecks = sqliteTable(
  'health_checks',
  {
    agentId: varchar('agent_id', { length: 255 }).notNull(),
    at: integer('at').notNull(),
    outcome: text('outcome', { enum: ['up', 'degraded', 'busy', 'down'] }).notNull(),
    latencyMs: real('latency_ms'),
    reason: text('reason'),
  },
  (table) => [primaryKey({ columns: [table.agentId, table.at] })],
)

export const healthRollups = sqliteTable(
  'health_rollups',
  {
    agentId: varchar('agent_id', { length: 255 }).notNull(),
    resolutionSeconds: integer('span').notNull(),
    at: integer('at').notNull(),
    up: integer('up').notNull(),
    degraded: integer('degraded').notNull().default(0),
    down: integer('down').notNull(),
    answered: integer('answered').notNull(),
    latencySum: real('latency_sum').notNull(),
    latencyMin: real('latency_min'),
    latencyMax: real('latency_max'),
  },
  (table) => [primaryKey({ columns: [table.agentId, table.resolutionSeconds, table.at] })],
)

export const healthIncidents = sqliteTable(
  'health_incidents',
  {
    id: integer('id').primaryKey(),
    agentId: varchar('agent_id', { length: 255 }).notNull(),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at'),
    reason: text('reason').notNull(),
  },
  (table) => [index('ix_health_incidents_agent').on(table.agentId, table.startedAt)],
)
