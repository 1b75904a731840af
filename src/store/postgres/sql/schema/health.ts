import type { CheckOutcome } from '../../../ports/health.ts'
import { doublePrecision, index, integer, pgTable, primaryKey, text } from '../drizzle.ts'
import { moment, name, number } from './columns.ts'

export const healthChecks = pgTable(
  'health_checks',
  {
    agentId: name('agent_id').notNull(),
    at: moment('at').notNull(),
    outcome: name('outcome').$type<CheckOutcome>().notNull(),
    latencyMs: doublePrecision('latency_ms'),
    reason: text('reason'),
  },
  (table) => [primaryKey({ columns: [table.agentId, table.at] })],
)

export const healthRollups = pgTable(
  'health_rollups',
  {
    agentId: name('agent_id').notNull(),
    resolutionSeconds: integer('span').notNull(),
    at: moment('at').notNull(),
    up: integer('up').notNull(),
    degraded: integer('degraded').notNull(),
    down: integer('down').notNull(),
    answered: integer('answered').notNull(),
    latencySum: doublePrecision('latency_sum').notNull(),
    latencyMin: doublePrecision('latency_min'),
    latencyMax: doublePrecision('latency_max'),
  },
  (table) => [primaryKey({ columns: [table.agentId, table.resolutionSeconds, table.at] })],
)

export const healthIncidents = pgTable(
  'health_incidents',
  {
    id: number('id').primaryKey(),
    agentId: name('agent_id').notNull(),
    startedAt: moment('started_at').notNull(),
    endedAt: moment('ended_at'),
    reason: text('reason').notNull(),
  },
  (table) => [index('health_incidents_agent').on(table.agentId, table.startedAt)],
)
