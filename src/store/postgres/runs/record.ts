import { payloadLine } from '../../../shared/json/line.ts'
import { looseValue } from '../../../shared/json.ts'
import { hasEnded } from '../../../shared/run-status.ts'
import type { NewRun, ReportedRun, RunRecord, RunStep } from '../../ports/runs.ts'
import type { runs, runTexts } from '../sql/schema/runs.ts'

/** What `runs` and `run_texts` hold of a run. Its place comes with its start. */
export type RunRow = { run: typeof runs.$inferSelect; texts: typeof runTexts.$inferSelect }
export type NewRow = { run: Omit<typeof runs.$inferInsert, 'seq'>; texts: typeof runTexts.$inferInsert }
export type RowChange = { run: Partial<NewRow['run']>; texts: Partial<NewRow['texts']> }

const maxName = 255
const maxError = 200

export function recordOf({ run, texts }: RunRow): RunRecord {
  const { id, agentId, completedAt, rerunOf, attempt, sentAt, agentUrl, jobId, polls, reportedAt } = run
  const { inputs, outputs, error, schemaId, traceId, isSampled, startedById, config, bottleneck } = texts
  return {
    ...{ id, agentId, completedAt, rerunOf, attempt, sentAt, agentUrl, jobId, polls, reportedAt },
    ...{ inputs, outputs, error, schemaId, traceId, isSampled, startedById, config, bottleneck },
    agent: texts.agent ?? run.agent,
    workflow: texts.workflow ?? run.workflow,
    status: texts.status ?? run.status,
    startedBy: texts.startedBy ?? run.startedBy,
    startedAt: run.startedAt ?? Number.NaN,
    durationSeconds: run.duration,
    totalTokens: run.tokens,
    totalCostUsd: run.cost,
    isReported: reportedAt !== null,
    errorFields: listOf(texts.errorFields),
    withheld: listOf(texts.withheld),
  }
}

function listOf<T>(json: string | null): T[] {
  const value = json === null ? undefined : looseValue(json)
  return Array.isArray(value) ? value : []
}

const jsonOf = (list: unknown[]) => (list.length === 0 ? null : JSON.stringify(list))

type Names = 'agent' | 'workflow' | 'status' | 'startedBy'

export const shownName = (name: string): string =>
  name.length > maxName ? name.slice(0, maxName).toWellFormed() : name

/** A name for lists, and the whole of one that is too long for them. */
function named<Name extends Names, Value extends string | null>(name: Name, value: Value) {
  const isLong = value !== null && value.length > maxName
  return {
    run: { [name]: value === null ? null : shownName(value) } as Record<Name, Value>,
    texts: { [name]: isLong ? value : null } as Record<Name, string | null>,
  }
}

function names(all: Pick<RunRecord, Names>) {
  const parts = (['agent', 'workflow', 'status', 'startedBy'] as const).map((name) => named(name, all[name]))
  return {
    run: Object.assign({}, ...parts.map(({ run }) => run)) as Pick<RunRecord, Names>,
    texts: Object.assign({}, ...parts.map(({ texts }) => texts)) as Record<Names, string | null>,
  }
}

const within = (value: number | null, most: number): number | null =>
  value !== null && Math.abs(value) <= most ? value : null

/** Numbers that are no numbers, or too large to add up, count as unknown. */
export const measured = {
  duration: (seconds: number | null) => within(seconds, 1e9),
  tokens: (count: number | null) => (within(count, 1e12) === null ? null : Math.trunc(count!) + 0),
  cost: (dollars: number | null) => within(dollars, 1e9),
}

const beginningOf = (error: string | null): string | null =>
  error === null ? null : error.slice(0, maxError).toWellFormed()

export function rowOf(run: NewRun, schemaId: string | null): NewRow {
  const { id, agentId, agentUrl, startedAt, rerunOf, inputs, withheld, traceId, isSampled, startedBy, startedById } =
    run
  const { workflow = agentId } = run
  const called = names({ agent: agentId, workflow, status: 'pending', startedBy })
  return {
    run: {
      ...{ id, agentId, startedAt, rerunOf, agentUrl, ...called.run, attempt: 0, owner: run.owner ?? null },
      inputLine: payloadLine(inputs),
    },
    texts: {
      ...{ runId: id, inputs, schemaId, traceId, isSampled, startedById, ...called.texts },
      withheld: jsonOf(withheld),
    },
  }
}

export function rowOfReported(run: ReportedRun): NewRow {
  const { id, agentId, startedAt, completedAt, reportedAt, inputs, outputs, error, traceId, startedById } = run
  const called = names(run)
  return {
    run: {
      ...{ id, agentId, startedAt, completedAt, reportedAt, ...called.run },
      duration: measured.duration(run.durationSeconds),
      tokens: measured.tokens(run.totalTokens),
      cost: measured.cost(run.totalCostUsd),
      error: beginningOf(error),
      inputLine: payloadLine(inputs),
      ...{ rerunOf: null, attempt: 0, sentAt: null, agentUrl: null, jobId: null, polls: null },
    },
    texts: {
      ...{ runId: id, inputs, outputs, error, traceId, startedById, ...called.texts },
      ...{ withheld: jsonOf(run.withheld), errorFields: null, schemaId: null, isSampled: true },
      ...{ config: null, bottleneck: null },
    },
  }
}

export function rowOfRecord(run: RunRecord): NewRow {
  const { id, agentId, startedAt, completedAt, rerunOf, attempt, sentAt, agentUrl, jobId, polls, reportedAt } = run
  const { inputs, outputs, error, schemaId, traceId, isSampled, startedById, config, bottleneck } = run
  const called = names(run)
  return {
    run: {
      ...{ id, agentId, startedAt, completedAt, rerunOf, attempt, sentAt, agentUrl, jobId, polls, reportedAt },
      ...called.run,
      duration: measured.duration(run.durationSeconds),
      tokens: measured.tokens(run.totalTokens),
      cost: measured.cost(run.totalCostUsd),
      error: beginningOf(error),
      inputLine: payloadLine(inputs),
    },
    texts: {
      ...{ runId: id, inputs, outputs, error, schemaId, traceId, isSampled, startedById, config, bottleneck },
      ...called.texts,
      ...{ errorFields: jsonOf(run.errorFields), withheld: jsonOf(run.withheld) },
    },
  }
}

export function changeOf(step: RunStep['change']): RowChange {
  const { error, errorFields, outputs, durationSeconds, totalTokens, totalCostUsd, status, ...run } = step
  const called = status === undefined ? undefined : named('status', status)
  return {
    run: {
      ...run,
      ...called?.run,
      ...(status !== undefined && hasEnded(status) && { holdsSlot: false }),
      ...(durationSeconds !== undefined && { duration: measured.duration(durationSeconds) }),
      ...(totalTokens !== undefined && { tokens: measured.tokens(totalTokens) }),
      ...(totalCostUsd !== undefined && { cost: measured.cost(totalCostUsd) }),
      ...(error !== undefined && { error: beginningOf(error) }),
    },
    texts: {
      ...called?.texts,
      ...(outputs !== undefined && { outputs }),
      ...(error !== undefined && { error }),
      ...(errorFields !== undefined && { errorFields: jsonOf(errorFields) }),
    },
  }
}
