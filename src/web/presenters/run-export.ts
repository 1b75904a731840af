import { stringify } from 'csv-stringify/sync'
import type { ExportedRun } from '../../orchestrator/run-export.ts'
import { isoTime } from './format.ts'
import { payloadAsJson } from './run.ts'
import { runAsJson } from './runs.ts'

const columns = [
  'run_id',
  'agent_id',
  'workflow',
  'status',
  'started_at',
  'completed_at',
  'duration_seconds',
  'total_tokens',
  'total_cost_usd',
  'rerun_of',
  'error_message',
] as const
const payloadColumns = ['inputs', 'outputs'] as const

/** A run on a line of its own. Payloads are the JSON that they are, number for number. */
export function runAsNdjson(run: ExportedRun): string {
  const rest = JSON.stringify({ ...runAsJson(run), rerun_of: run.rerunOf, error_message: run.error })
  return `${rest.slice(0, -1)},"inputs":${onOneLine(run.inputs)},"outputs":${onOneLine(run.outputs)}}\n`
}

/** In JSON a line can only end between two tokens. */
function onOneLine(payload: string | null): string {
  const json = payloadAsJson(payload)
  return /[\r\n]/.test(json) ? json.replaceAll(/[\r\n]+/g, ' ') : json
}

/**
 * The first line of a CSV file. It begins with a byte order mark: without one Excel takes UTF-8 for the local code page,
 * and who reads files with a program has NDJSON.
 */
export function csvHead(pinned: string[]): string {
  return `\ufeff${asCsv([[...columns, ...pinned.map(defused), ...payloadColumns]])}`
}

export function runsAsCsv(runs: ExportedRun[]): string {
  return asCsv(
    runs.map((run) => [
      defused(run.id),
      defused(run.agentId ?? ''),
      defused(run.workflow),
      defused(run.status),
      isoTime(run.startedAt) ?? '',
      isoTime(run.completedAt) ?? '',
      run.durationSeconds,
      run.totalTokens,
      run.totalCostUsd,
      defused(run.rerunOf ?? ''),
      defused(run.error ?? ''),
      ...run.pinned.map((value) => (!value ? '' : value.isString ? defused(value.text) : defusedJson(value.text))),
      defusedJson(run.inputs ?? ''),
      defusedJson(run.outputs ?? ''),
    ]),
  )
}

/** Texts are quoted, so that a semicolon in one does not part it where lists are written with semicolons. */
function asCsv(records: unknown[][]): string {
  return stringify(records, { quoted_string: true, quoted_empty: false, record_delimiter: 'windows' })
}

/** What a spreadsheet may take for the beginning of a formula, also after quotes and spaces that it leaves out. */
const formula = /^(?:[\t\r\n]|[\s"'`\u200b-\u200d\u2060]*[=+\-@\uff1d\uff0b\uff0d\uff20])/
const number = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/**
 * A text that no spreadsheet runs: behind an apostrophe it is text. See "CSV Injection" of OWASP:
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
export function defused(text: string): string {
  return formula.test(text) ? `'${text}` : text
}

/** Of a payload: there a number is a number. */
function defusedJson(json: string): string {
  return number.test(json) ? json : defused(json)
}
