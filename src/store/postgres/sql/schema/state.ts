import { pgTable, text } from '../drizzle.ts'
import { name } from './columns.ts'

export const dashboardState = pgTable('dashboard_state', {
  key: name('key').primaryKey(),
  value: text('value').notNull(),
})
