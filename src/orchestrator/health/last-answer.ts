import type { ExchangeRecord } from '../../agent/http/record.ts'

/** What an agent said at its last check, in the beginning of it. Nothing of it is to be trusted. */
export type LastAnswer = {
  /** When it had come, or was waited for no longer. */
  at: number
  url: string
  durationMs: number
  /** Null when no answer came that can be read; then `failure` says why, in a phrase. */
  status: number | null
  headers: [name: string, value: string][]
  body: string
  failure: string | null
}

/** It is kept in memory, of each agent: what one sends here must not add up. */
const mostHeaders = 30
const longestHeader = 300

export function lastAnswerOf({ url, durationMs, status, ...record }: ExchangeRecord, at: number): LastAnswer {
  const headers = Object.entries(record.responseHeaders ?? {})
    .slice(0, mostHeaders)
    .map(([name, value]): [string, string] => [cut(name), cut(value)])
  return { at, url, durationMs, status, headers, body: record.responseBody ?? '', failure: record.failure }
}

function cut(text: string): string {
  return text.length > longestHeader ? `${text.slice(0, longestHeader)}…` : text
}
