import type { Store } from '../file/open.ts'
import { asc, eq, sql } from '../sql/drizzle.ts'
import { placeholders } from '../sql/placeholders.ts'
import { runEvents, runExchanges } from '../sql/schema.ts'

export type RunEventRow = typeof runEvents.$inferSelect
export type ExchangeRow = typeof runExchanges.$inferSelect
export type NewExchange = Omit<ExchangeRow, 'id' | 'runId'>

/** The tables `run_events` and `run_exchanges`. Its methods belong inside a transaction of whoever changes the run. */
export function createRunLog(db: Store['db']) {
  const events = db
    .select()
    .from(runEvents)
    .where(eq(runEvents.runId, sql.placeholder('runId')))
    .orderBy(asc(runEvents.id))
    .prepare()
  const exchanges = db
    .select()
    .from(runExchanges)
    .where(eq(runExchanges.runId, sql.placeholder('runId')))
    .orderBy(asc(runExchanges.id))
    .prepare()
  // Every run writes several of these: prepared, they save a fifth of what a run costs the database.
  const addEvent = db
    .insert(runEvents)
    .values(placeholders(runEvents, ['id']))
    .prepare()
  const addExchange = db
    .insert(runExchanges)
    .values(placeholders(runExchanges, ['id']))
    .prepare()

  return {
    addEvent(runId: string, { event, attempt, at }: { event: string; attempt: number; at: number }): void {
      addEvent.run({ runId, kind: event, attempt, at })
    },

    addExchange(runId: string, exchange: NewExchange): void {
      addExchange.run({ runId, ...exchange })
    },

    events: (runId: string): RunEventRow[] => events.all({ runId }),

    exchanges: (runId: string): ExchangeRow[] => exchanges.all({ runId }),
  }
}
