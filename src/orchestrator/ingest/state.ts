import { type Actor, starterOf } from '../../shared/actor.ts'
import { hasEnded } from '../../shared/run-status.ts'
import type { SecretMask } from '../../shared/secrets/mask.ts'
import type { ReportedRun, RunRecord } from '../../store/ports/runs.ts'
import type { Report } from './report.ts'

/** A report whose passwords are left out, by the schema of the agent `secretsOf`. */
export type SafeReport = Report & {
  withheld: string[]
  secretsOf: string
  secrets: string[]
  mask: SecretMask | undefined
}

export type ReportOutcome =
  | { change: 'created' | 'updated'; run: ReportedRun }
  | { change: 'unchanged' }
  | { refusal: string; isForbidden?: true }

/** A run is created, changes while it is running, and is as it is once it has ended: docs/runs.md has the table. */
export function applyReport(
  known: RunRecord | undefined,
  report: SafeReport,
  { at: reportedAt, by }: { at: number; by: Actor },
): ReportOutcome {
  const { runId } = report
  if (!known) return { change: 'created', run: { ...merged(undefined, report, starterOf(by)), reportedAt } }
  if (!known.isReported) return { refusal: `${carriedOutBy(known)} Use another run_id.` }
  const other = otherIdentity(known, report)
  if (other.length > 0)
    return { refusal: `The run "${runId}" has another ${other.join(' and ')}. Use another run_id for another run.` }
  const run = merged(known, report, known)
  if (isSame(known, run)) return { change: 'unchanged' }
  if (hasEnded(known.status))
    return { refusal: `The run "${runId}" has ended: it is ${known.status}. What differs from that is not recorded.` }
  return { change: 'updated', run: { ...run, reportedAt } }
}

function carriedOutBy({ id, agentId }: RunRecord): string {
  return agentId === null
    ? `The Python program has recorded the run "${id}".`
    : `The run "${id}" was executed by this dashboard.`
}

function otherIdentity(known: RunRecord, { workflow, agentId, startedAt }: SafeReport): string[] {
  return [
    ...(known.workflow === workflow ? [] : ['workflow_name']),
    ...(agentId === undefined || known.agentId === agentId ? [] : ['agent_id']),
    ...(known.startedAt === startedAt ? [] : ['started_at']),
  ]
}

type Run = Omit<ReportedRun, 'reportedAt'>
type Starter = Pick<RunRecord, 'startedBy' | 'startedById'>

function merged(known: RunRecord | undefined, report: SafeReport, { startedBy, startedById }: Starter): Run {
  const { runId: id, workflow, status, startedAt, inputs, withheld, mask } = report
  const agentId = report.agentId ?? known?.agentId ?? null
  const completedAt = report.completedAt ?? known?.completedAt ?? null
  const outputs = report.outputs ?? known?.outputs ?? null
  const error = report.error ?? known?.error ?? null
  return {
    ...{ id, agent: agentId ?? workflow, agentId, workflow, status, startedAt, completedAt },
    durationSeconds: completedAt === null ? null : (completedAt - startedAt) / 1000,
    inputs: inputs ?? known?.inputs ?? null,
    withheld: inputs === undefined ? (known?.withheld ?? []) : withheld,
    outputs: outputs && mask ? mask.json(outputs) : outputs,
    error: error && mask ? mask.text(error) : error,
    totalTokens: report.totalTokens ?? known?.totalTokens ?? null,
    totalCostUsd: report.totalCostUsd ?? known?.totalCostUsd ?? null,
    traceId: report.traceId ?? known?.traceId ?? null,
    ...{ startedBy, startedById },
  }
}

function isSame(known: RunRecord, { withheld, ...run }: Run): boolean {
  const names = Object.keys(run) as (keyof typeof run)[]
  return names.every((name) => known[name] === run[name]) && known.withheld.join('\n') === withheld.join('\n')
}
