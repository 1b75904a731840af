import type { ExchangeRecord } from '../agent/exchange.ts'
import { looseValue } from '../json.ts'
import type { NewExchange } from '../store/run-log.ts'
import type { RunRow } from '../store/runs.ts'

const mask = '••••'

/** An exchange as it is kept: `sent` are the inputs with their passwords, which it must not hold. */
export function exchangeOf(record: ExchangeRecord, row: RunRow, sent: string | undefined, now: number): NewExchange {
  const { requestHeaders, responseHeaders, durationMs } = record
  return {
    ...redacted(record, row, sent),
    attempt: row.attempt ?? 0,
    at: now - Math.round(durationMs),
    requestHeaders: JSON.stringify(requestHeaders),
    responseHeaders: responseHeaders && JSON.stringify(responseHeaders),
  }
}

function redacted(record: ExchangeRecord, { withheld, inputs }: RunRow, sent: string | undefined): ExchangeRecord {
  if (withheld === null) return record
  const passwords = sent === undefined ? [] : passwordsIn(sent, looseValue(withheld))
  return {
    ...record,
    requestBody: record.requestBody === null ? null : (inputs?.slice(0, record.requestBody.length) ?? null),
    responseBody: passwords.reduce((body, password) => body?.replaceAll(password, mask) ?? null, record.responseBody),
  }
}

/** What an agent says of a run, without its passwords. */
export function redactedMessage(message: string, { withheld }: RunRow, sent: string | undefined): string {
  if (withheld === null || sent === undefined) return message
  const written = passwordsIn(sent, looseValue(withheld))
  const passwords = [...written.map((text) => JSON.parse(`"${text}"`) as string), ...written]
  return passwords.reduce((said, password) => said.replaceAll(password, mask), message)
}

/** The texts that stand in `inputs` under dotted names, as JSON writes them, longest first. */
function passwordsIn(inputs: string, fields: unknown): string[] {
  if (!Array.isArray(fields)) return []
  const value = looseValue(inputs)
  return fields
    .map((field) => String(field).split('.').reduce<unknown>(member, value))
    .filter((text) => typeof text === 'string' && text !== '')
    .map((text) => JSON.stringify(text).slice(1, -1))
    .sort((a, b) => b.length - a.length)
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
