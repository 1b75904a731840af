import { integer, pgTable, text } from '../drizzle.ts'
import { moment, name, number } from './columns.ts'

/** The dashboards that use this database, each with the lease of all that it owns. By the database's clock. */
export const dashboards = pgTable('dashboards', {
  id: number('id').primaryKey(),
  name: text('name').notNull(),
  version: text('version').notNull(),
  since: moment('since').notNull(),
  seenAt: moment('seen_at').notNull(),
  until: moment('until').notNull(),
  /** Since when its lease has never lapsed. */
  heldSince: moment('held_since').notNull(),
  goneAt: moment('gone_at'),
})

/** What the dashboard that checks agents believes of them. */
export const agentHealth = pgTable('agent_health', {
  agentId: name('agent_id').primaryKey(),
  at: moment('at').notNull(),
  /** Empty where somebody has asked for a check, and nothing was told yet. */
  belief: text('belief').notNull(),
  answer: text('answer'),
  /** How often somebody has asked for a check, and up to which of these it was done. */
  asked: integer('asked').notNull().default(0),
  answered: integer('answered').notNull().default(0),
})

/** What all dashboards count for a while, such as tries of a password. By the database's clock. */
export const counts = pgTable('counts', {
  key: name('key').primaryKey(),
  times: integer('times').notNull(),
  until: moment('until').notNull(),
})

/** Work that one dashboard does for all. Its epoch tells whoever lost a lease from whoever has it. */
export const leases = pgTable('leases', {
  name: name('name').primaryKey(),
  owner: name('owner').notNull(),
  epoch: integer('epoch').notNull(),
  until: moment('until').notNull(),
})
