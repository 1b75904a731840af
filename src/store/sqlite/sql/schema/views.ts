import { integer, sqliteTable, text } from '../drizzle.ts'

/** Filters of the history that people keep. */
export const savedViews = sqliteTable('saved_views', {
  id: text('id').primaryKey().notNull(),
  name: text('name').notNull(),
  query: text('query').notNull(),
  createdAt: integer('created_at').notNull(),
})
