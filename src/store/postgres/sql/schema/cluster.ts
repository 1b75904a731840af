import { integer, pgTable, text } from '../drizzle.ts'
import { moment, name, number } from './columns.ts'

/** The dashboards that use this database, each with the lease of all that it owns. By the database's clock. */
export const dashboards = pgTable('dashboards', {
  id: number('id').primaryKey(),
  name: text('name').notNull(),
  version: text('version').notNull(),
  since: moment('since').notNull(),
  seenAt: moment('seen_at').notNull(),
  /** When its lease lapses. */
  until: moment('until').notNull(),
  /** Since when its lease has never lapsed. */
  heldSince: moment('held_since').notNull(),
  /** When others began to do without it. */
  goneAt: moment('gone_at'),
})

/** What the dashboard that checks agents believes of them. */
export const agentHealth = pgTable('agent_health', {
  agentId: name('agent_id').primaryKey(),
  at: moment('at').notNull(),
  belief: text('belief').notNull(),
})

/** Work that one dashboard does for all. Its epoch tells whoever lost a lease from whoever has it. */
export const leases = pgTable('leases', {
  name: name('name').primaryKey(),
  owner: name('owner').notNull(),
  epoch: integer('epoch').notNull(),
  until: moment('until').notNull(),
})
