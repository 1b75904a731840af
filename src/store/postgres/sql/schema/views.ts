import { boolean, pgTable, text } from '../drizzle.ts'
import { moment, name, number } from './columns.ts'

export const savedViews = pgTable('saved_views', {
  id: name('id').primaryKey(),
  number: number('number').notNull(),
  name: text('name').notNull(),
  query: text('query').notNull(),
  createdAt: moment('created_at').notNull(),
  owner: name('owner'),
  isShared: boolean('is_shared').notNull(),
})
