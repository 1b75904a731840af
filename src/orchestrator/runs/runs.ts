import { type FieldError, NotFoundError, type RunDeletedError } from '../../shared/errors.ts'
import { looseValue } from '../../shared/json.ts'
import type { ExchangeRow, RunEventRow } from '../../store/sqlite/runs/log.ts'
import type { RunRow, RunTable } from '../../store/sqlite/runs/runs.ts'
import type { Registry } from '../registry/registry.ts'
import { shownConfig } from './config-snapshot.ts'

/** A run in a list. Times are milliseconds since 1970, NaN where the database holds something unreadable. */
export type ListedRun = {
  id: string
  /** Undefined for a run that the Python program carried out itself. */
  agentId: string | undefined
  workflow: string
  status: string
  startedAt: number
  completedAt: number | null
  durationSeconds: number | null
  totalTokens: number | null
  totalCostUsd: number | null
}

/** One run, with its payloads as the texts that stand in the database. */
export type Run = ListedRun & {
  inputs: string | null
  outputs: string | null
  error: string | null
  /** What the agent said of single inputs when it refused them. */
  errorFields: FieldError[]
  /** Dotted names of inputs that were sent and are not kept. */
  withheld: string[]
  /** The schema that the inputs were written for. */
  schemaText: string | null
  jobId: string | null
  agentUrl: string | null
  polls: number | null
  rerunOf: string | null
  /** The workflow's configuration, where the Python program kept it. JSON text. */
  config: string | null
  /** Where the Python program says the time went. */
  bottleneck: string | null
}

/** A run with all that happened to it, and the runs that repeat it. */
export type RunHistory = { run: Run; events: RunEventRow[]; exchanges: ExchangeRow[]; reruns: string[] }

/** Reads single runs. `deleted` says of an id that nobody knows whether runs of its time are deleted. */
export function createRuns(table: RunTable, registry: Registry, deleted: (id: string) => RunDeletedError | undefined) {
  function fromRow(row: RunRow): ListedRun {
    // A run of an agent that Python recorded says so only by its workflow_name being the agent's id.
    const agentId = row.agentId ?? (registry.has(row.workflowName) ? row.workflowName : undefined)
    return {
      id: row.id,
      agentId,
      workflow: row.agentWorkflow ?? row.workflowName,
      status: row.status,
      startedAt: row.startedAt,
      completedAt: row.completedAt,
      durationSeconds: row.durationSeconds,
      totalTokens: row.totalTokens,
      totalCostUsd: row.totalCostUsd,
    }
  }

  function get(id: string): Run {
    const row = table.get(id)
    if (!row) throw deleted(id) ?? new NotFoundError('run', id)
    const { jobId, agentUrl, polls, rerunOf, schemaHash } = row
    return {
      ...fromRow(row),
      inputs: textOf(row.inputs),
      outputs: textOf(row.outputs),
      error: textOf(row.errorMessage),
      errorFields: listOf(row.errorFields),
      withheld: listOf(row.withheld),
      schemaText: schemaHash === null ? null : table.schema(schemaHash),
      jobId,
      agentUrl,
      polls,
      rerunOf,
      config: shownConfig(textOf(row.configSnapshot)),
      bottleneck: textOf(row.bottleneckInfo),
    }
  }

  return {
    /** Throws NotFoundError and RunDeletedError. */
    get,

    /** Throws NotFoundError and RunDeletedError. */
    history: (id: string): RunHistory => ({
      run: get(id),
      events: table.events(id),
      exchanges: table.exchanges(id),
      reruns: table.rerunsOf(id),
    }),
  }
}

/** SQLite keeps what it is given, whatever the type of the column: another program may have left a number or bytes. */
function textOf(value: unknown): string | null {
  return value === null || typeof value === 'string' ? value : String(value)
}

/** A JSON list that we wrote into the row. */
function listOf<T>(json: string | null): T[] {
  const value = json === null ? undefined : looseValue(json)
  return Array.isArray(value) ? value : []
}
