import type { ExchangeRecord } from '../../agent/http/record.ts'
import type { Certificate } from '../../agent/http/trust.ts'

/** Nothing in it is to be trusted. */
export type LastAnswer = {
  at: number
  url: string
  durationMs: number
  /** Null when no readable answer came; then `failure` is a phrase that says why. */
  status: number | null
  headers: [name: string, value: string][]
  body: string
  failure: string | null
  /** That was refused. */
  certificate: Certificate | undefined
}

/** It is kept in memory, for each agent. */
const maxHeaders = 30
const maxHeaderLength = 300

export function lastAnswerOf({ url, durationMs, status, ...record }: ExchangeRecord, at: number): LastAnswer {
  const { failure, certificate } = record
  const headers = Object.entries(record.responseHeaders ?? {})
    .slice(0, maxHeaders)
    .map(([name, value]): [string, string] => [cut(name), cut(value)])
  return { at, url, durationMs, status, headers, body: record.responseBody ?? '', failure, certificate }
}

function cut(text: string): string {
  return text.length > maxHeaderLength ? `${text.slice(0, maxHeaderLength)}…` : text
}
