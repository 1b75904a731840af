import { looseValue } from '../../../shared/json.ts'
import type { RecordedEvent, RecordedExchange, RunEventKind } from '../../ports/runs.ts'
import type { Store } from '../file/open.ts'
import { asc, eq, sql } from '../sql/drizzle.ts'
import { placeholders } from '../sql/placeholders.ts'
import { runEvents, runExchanges } from '../sql/schema/runs.ts'

/** The tables `run_events` and `run_exchanges`. Methods that write belong inside a transaction. */
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
    addEvent(runId: string, event: RecordedEvent): void {
      addEvent.run({ runId, ...event })
    },

    addExchange(runId: string, { requestHeaders, responseHeaders, ...exchange }: RecordedExchange): void {
      addExchange.run({
        runId,
        ...exchange,
        requestHeaders: JSON.stringify(requestHeaders),
        responseHeaders: responseHeaders && JSON.stringify(responseHeaders),
      })
    },

    events: (runId: string): RecordedEvent[] =>
      events.all({ runId }).map(({ kind, attempt, at }) => ({ kind: kind as RunEventKind, attempt, at })),

    exchanges: (runId: string): RecordedExchange[] =>
      exchanges.all({ runId }).map(({ id: _, runId: __, ...exchange }) => ({
        ...exchange,
        requestHeaders: headersIn(exchange.requestHeaders),
        responseHeaders: exchange.responseHeaders === null ? null : headersIn(exchange.responseHeaders),
      })),
  }
}

const headersIn = (json: string) => (looseValue(json) ?? {}) as Record<string, string>
