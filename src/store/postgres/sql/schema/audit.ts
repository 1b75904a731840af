import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { index, pgTable, sql, text } from '../drizzle.ts'
import { moment, name, number } from './columns.ts'

/** As much of a text as an index takes, whatever its length. */
export const beginning = (column: AnyPgColumn) => sql`left(${column}, 255)`

export const audit = pgTable(
  'audit',
  {
    id: number('id').primaryKey(),
    at: moment('at').notNull(),
    actorId: text('actor_id').notNull(),
    actorName: name('actor_name').notNull(),
    actorRole: name('actor_role').notNull(),
    action: name('action').notNull(),
    subjectKind: name('subject_kind'),
    subjectId: name('subject_id'),
    subjectName: text('subject_name'),
    agentId: name('agent_id'),
    /** JSON. */
    details: text('details'),
    address: text('address'),
  },
  ({ id, at, actorName, action, agentId, subjectId }) => [
    index('audit_at').on(at, id),
    index('audit_actor').on(beginning(actorName), at, id),
    index('audit_action').on(action, at, id),
    index('audit_agent').on(beginning(agentId), at, id),
    index('audit_subject').on(beginning(subjectId), at, id),
  ],
)
