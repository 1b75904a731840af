import type { ExportedRun } from '../../orchestrator/history/export.ts'
import { asCsv } from '../format/csv.ts'
import { payloadAsJson } from '../format/payload.ts'
import { runAsJson } from '../format/run.ts'
import { type Cell, jsonCell, numberCell, textCell, timeCell } from '../format/spreadsheet-cell.ts'

const columns = [
  'run_id',
  'agent_id',
  'workflow',
  'status',
  'started_at_utc',
  'completed_at_utc',
  'duration_seconds',
  'total_tokens',
  'total_cost_usd',
  'rerun_of',
  'error_message',
  'trace_id',
  'started_by',
] as const
const payloadColumns = ['inputs', 'outputs'] as const

export function runAsNdjson(run: ExportedRun): string {
  const rest = JSON.stringify({
    ...runAsJson(run),
    rerun_of: run.rerunOf,
    error_message: run.error,
    trace_id: run.traceId,
  })
  return `${rest.slice(0, -1)},"inputs":${onOneLine(run.inputs)},"outputs":${onOneLine(run.outputs)}}\n`
}

function onOneLine(payload: string | null): string {
  const json = payloadAsJson(payload)
  return /[\r\n]/.test(json) ? json.replaceAll(/[\r\n]+/g, ' ') : json
}

/** With a byte order mark: Excel would take UTF-8 for the local code page. */
export function csvHead(pinned: string[]): string {
  return `\ufeff${asCsv([[...columns, ...pinned.map(textCell), ...payloadColumns]])}`
}

export function runsAsCsv(runs: ExportedRun[]): string {
  return asCsv(
    runs.map((run) => [
      textCell(run.id),
      textCell(run.agentId ?? ''),
      textCell(run.workflow),
      textCell(run.status),
      timeCell(run.startedAt),
      timeCell(run.completedAt),
      asNumber(run.durationSeconds),
      asNumber(run.totalTokens),
      asNumber(run.totalCostUsd),
      textCell(run.rerunOf ?? ''),
      textCell(run.error ?? ''),
      textCell(run.traceId ?? ''),
      textCell(run.startedBy ?? ''),
      ...run.pinned.map((value) => (!value ? '' : value.isString ? textCell(value.text) : jsonCell(value.text))),
      jsonCell(run.inputs ?? ''),
      jsonCell(run.outputs ?? ''),
    ]),
  )
}

function asNumber(value: number | null): Cell {
  return value === null ? '' : numberCell(String(Number(value.toPrecision(15))))
}
