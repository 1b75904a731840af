import { integer, sqliteTable, text } from '../drizzle.ts'

export const savedViews = sqliteTable('saved_views', {
  id: text('id').primaryKey().notNull(),
  name: text('name').notNull(),
  query: text('query').notNull(),
  createdAt: integer('created_at').notNull(),
  owner: text('owner'),
  isShared: integer('shared', { mode: 'boolean' }).notNull().default(false),
})
