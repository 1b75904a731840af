import { looseValue } from '../../../shared/json.ts'
import type { RecordedEvent, RecordedExchange } from '../../ports/runs.ts'
import type { Session } from '../database/session.ts'
import { asc, eq } from '../sql/drizzle.ts'
import { runEvents, runExchanges } from '../sql/schema/runs.ts'

export async function addExchange({ db }: Session, runId: string, exchange: RecordedExchange): Promise<void> {
  const { requestHeaders, responseHeaders, ...rest } = exchange
  await db.insert(runExchanges).values({
    runId,
    ...rest,
    requestHeaders: JSON.stringify(requestHeaders),
    responseHeaders: responseHeaders && JSON.stringify(responseHeaders),
  })
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
