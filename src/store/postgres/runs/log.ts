import type { SQL } from 'drizzle-orm'
import { looseValue } from '../../../shared/json.ts'
import type { RecordedEvent, RecordedExchange } from '../../ports/runs.ts'
import type { Session } from '../database/session.ts'
import { asc, eq, sql } from '../sql/drizzle.ts'
import { runEvents, runExchanges } from '../sql/schema/runs.ts'
import { columnsAndValues } from '../sql/statements.ts'

/** Belongs beside other parts of a statement, or is one of its own. */
export function addExchange(runId: string, exchange: RecordedExchange): SQL {
  const { requestHeaders, responseHeaders, ...rest } = exchange
  const { columns, values } = columnsAndValues(runExchanges, {
    runId,
    ...rest,
    requestHeaders: JSON.stringify(requestHeaders),
    responseHeaders: responseHeaders && JSON.stringify(responseHeaders),
  })
  return sql`INSERT INTO run_exchanges (${columns}) SELECT ${values}`
}

export function eventsOf({ db }: Session, runId: string): Promise<RecordedEvent[]> {
  const { kind, attempt, at } = runEvents
  return db.select({ kind, attempt, at }).from(runEvents).where(eq(runEvents.runId, runId)).orderBy(asc(runEvents.id))
}

export async function exchangesOf({ db }: Session, runId: string): Promise<RecordedExchange[]> {
  const isIts = eq(runExchanges.runId, runId)
  const found = await db.select().from(runExchanges).where(isIts).orderBy(asc(runExchanges.id))
  return found.map(({ id: _, runId: __, ...exchange }) => ({
    ...exchange,
    requestHeaders: headersIn(exchange.requestHeaders),
    responseHeaders: exchange.responseHeaders === null ? null : headersIn(exchange.responseHeaders),
  }))
}

const headersIn = (json: string) => (looseValue(json) ?? {}) as Record<string, string>
