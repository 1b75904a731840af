import { looseValue } from '../../../shared/json.ts'
import type { NewRun, ReportedRun, RunRecord, RunStep } from '../../ports/runs.ts'
import { textOf } from '../history/text-of.ts'
import type { workflowRuns } from '../sql/schema/runs.ts'

export type RunRow = typeof workflowRuns.$inferSelect

export function recordOf(row: RunRow): RunRecord {
  const { id, agentId, completedAt, startedAt, durationSeconds, totalTokens, totalCostUsd } = row
  const { schemaHash, agentUrl, jobId, sentAt, polls, rerunOf, reportedAt, traceId, startedBy, startedById } = row
  const agent = String(row.workflowName)
  return {
    ...{ id, agent, agentId, workflow: row.agentWorkflow ?? agent, status: String(row.status) },
    ...{
      startedAt,
      completedAt,
      durationSeconds,
      totalTokens,
      totalCostUsd,
      isReported: reportedAt !== null,
      startedBy,
    },
    inputs: textOf(row.inputs),
    outputs: textOf(row.outputs),
    error: textOf(row.errorMessage),
    errorFields: listOf(row.errorFields),
    withheld: listOf(row.withheld),
    schemaId: schemaHash,
    ...{ agentUrl, jobId, attempt: row.attempt ?? 0, sentAt, polls, rerunOf, reportedAt, traceId, startedById },
    isSampled: row.traceSampled !== 0,
    config: textOf(row.configSnapshot),
    bottleneck: textOf(row.bottleneckInfo),
  }
}

function listOf<T>(json: string | null): T[] {
  const value = json === null ? undefined : looseValue(json)
  return Array.isArray(value) ? value : []
}

const jsonOf = (list: unknown[]) => (list.length === 0 ? null : JSON.stringify(list))

const nothing = {
  configSnapshot: null,
  outputs: null,
  errorMessage: null,
  completedAt: null,
  durationSeconds: null,
  totalTokens: null,
  totalCostUsd: null,
  bottleneckInfo: null,
  jobId: null,
  sentAt: null,
  polls: null,
  errorFields: null,
  reportedAt: null,
}

export function rowOf({ withheld, workflow, isSampled, ...run }: NewRun, schemaHash: string | null): RunRow {
  return {
    ...nothing,
    ...run,
    workflowName: run.agentId,
    agentWorkflow: workflow ?? null,
    status: 'pending',
    attempt: 0,
    withheld: jsonOf(withheld),
    schemaHash,
    traceSampled: isSampled ? null : 0,
  }
}

export function rowOfReported({ agent, workflow, error, withheld, ...run }: ReportedRun): RunRow {
  return {
    ...nothing,
    ...run,
    workflowName: agent,
    agentWorkflow: workflow === agent ? null : workflow,
    errorMessage: error,
    withheld: jsonOf(withheld),
    ...{ agentUrl: null, attempt: null, rerunOf: null, schemaHash: null, traceSampled: null },
  }
}

/** The whole of a run that another store held. */
export function rowOfRecord({ agent, workflow, error, errorFields, withheld, isSampled, ...run }: RunRecord): RunRow {
  const { isReported: _, attempt, config, bottleneck, schemaId, ...rest } = run
  return {
    ...rest,
    workflowName: agent,
    agentWorkflow: workflow === agent ? null : workflow,
    errorMessage: error,
    configSnapshot: config,
    bottleneckInfo: bottleneck,
    schemaHash: schemaId,
    // Of runs that others carry out there is none.
    attempt: run.agentId === null || run.reportedAt !== null ? null : attempt,
    errorFields: jsonOf(errorFields),
    withheld: jsonOf(withheld),
    traceSampled: isSampled ? null : 0,
  }
}

export function columnsOf({ error, errorFields, ...change }: RunStep['change']): Partial<RunRow> {
  return {
    ...change,
    ...(error !== undefined && { errorMessage: error }),
    ...(errorFields && { errorFields: jsonOf(errorFields) }),
  }
}
