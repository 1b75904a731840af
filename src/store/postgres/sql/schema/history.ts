import { doublePrecision, index, integer, pgTable, primaryKey, smallint, sql } from '../drizzle.ts'
import { moment, name, number, words } from './columns.ts'

const totals = {
  /** Number of the hour, or of the day, since 1970. */
  at: integer('at').notNull(),
  status: name('status').notNull(),
  runs: integer('runs').notNull(),
  /** Of the `timed` runs whose duration is known. */
  duration: doublePrecision('duration').notNull(),
  timed: integer('timed').notNull(),
  tokens: doublePrecision('tokens').notNull(),
  cost: doublePrecision('cost').notNull(),
}
const sums = { ...totals, agent: name('agent').notNull() }

/** What runs add up to, but for what waits in run_deltas. */
export const runHours = pgTable('run_hours', sums, (table) => [
  primaryKey({ columns: [table.at, table.agent, table.status] }),
  index('run_hours_agent').on(table.agent, table.at),
])
export const runDays = pgTable('run_days', sums, (table) => [
  primaryKey({ columns: [table.at, table.agent, table.status] }),
  index('run_days_agent').on(table.agent, table.at),
])
export const runTotals = pgTable('run_totals', totals, (table) => [primaryKey({ columns: [table.at, table.status] })])

/** What is to be added to the sums, or taken off them, of an hour: runs that end together need not wait for each other. */
export const runDeltas = pgTable('run_deltas', {
  id: number('id').primaryKey(),
  ...sums,
  runs: smallint('runs').notNull(),
  timed: smallint('timed').notNull(),
})

/** The words of runs as their texts are now; null where there are too many. A run that waits has no row. */
export const runSearch = pgTable('run_search', { seq: moment('seq').primaryKey(), words: words('words') }, (table) => [
  index('run_search_words').using('gin', table.words),
  index('run_search_long').on(table.seq).where(sql`${table.words} IS NULL`),
])

/** Runs whose words are to be taken in. */
export const runSearchQueue = pgTable('run_search_queue', { seq: moment('seq').primaryKey() })
