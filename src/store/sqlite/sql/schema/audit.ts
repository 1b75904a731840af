import { index, integer, sqliteTable, text } from '../drizzle.ts'

export const audit = sqliteTable(
  'dashboard_audit',
  {
    id: integer('id').primaryKey(),
    at: integer('at').notNull(),
    actorId: text('actor_id').notNull(),
    actorName: text('actor_name').notNull(),
    actorRole: text('actor_role').notNull(),
    action: text('action').notNull(),
    subjectKind: text('subject_kind'),
    subjectId: text('subject_id'),
    subjectName: text('subject_name'),
    agentId: text('agent_id'),
    /** JSON. */
    details: text('details'),
    address: text('address'),
  },
  // One for each set of words that a list may be filtered by. A subject has few entries.
  ({ at, actorName, action, agentId, subjectId }) => [
    index('dashboard_audit_at').on(at),
    index('dashboard_audit_actor').on(actorName, at),
    index('dashboard_audit_action').on(action, at),
    index('dashboard_audit_actor_action').on(actorName, action, at),
    index('dashboard_audit_agent').on(agentId, at),
    index('dashboard_audit_agent_actor').on(agentId, actorName, at),
    index('dashboard_audit_agent_action').on(agentId, action, at),
    index('dashboard_audit_agent_actor_action').on(agentId, actorName, action, at),
    index('dashboard_audit_subject').on(subjectId, at),
  ],
)
