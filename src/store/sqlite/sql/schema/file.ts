import { integer, sqliteTable, text } from '../drizzle.ts'
import { datetime, varchar } from './columns.ts'

export const dashboardState = sqliteTable('dashboard_state', {
  key: text('key').primaryKey().notNull(),
  value: text('value').notNull(),
})

/** Not used by us: Python fails to create it when the other tables exist. */
export const sessionState = sqliteTable('session_state', {
  id: varchar('id', { length: 36 }).primaryKey().notNull(),
  sessionStart: datetime('session_start').notNull(),
  dirtyShutdown: integer('dirty_shutdown').notNull(),
  activeWorkflows: text('active_workflows'),
  sessionData: text('session_data'),
  lastUpdated: datetime('last_updated').notNull(),
})
