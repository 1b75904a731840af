import type { Actor } from '../../shared/actor.ts'
import { type AppError, ConflictError, ForbiddenError } from '../../shared/errors.ts'
import { hasEnded } from '../../shared/run-status.ts'
import type { Clock } from '../../shared/time/clock.ts'
import type { RunRecord, RunReport, RunStore } from '../../store/ports/runs.ts'
import type { EventStream } from '../events.ts'
import type { Registry } from '../registry/registry.ts'
import type { Schemas } from '../registry/schemas.ts'
import { agentOf, createReportedPasswords } from './passwords.ts'
import type { Report } from './report.ts'
import { applyReport, type ReportOutcome } from './state.ts'

export type Reported = { change: 'created' | 'updated' | 'unchanged' } | { error: AppError }

type RecordDeps = {
  runs: Pick<RunStore, 'records' | 'report'>
  registry: Pick<Registry, 'find'>
  schemas: Pick<Schemas, 'recall'>
  clock: Pick<Clock, 'now'>
  events: Pick<EventStream, 'emit'>
}

/** Records reports that hold nothing wrong, in one step; one result for each. Those that change nothing need no write. */
export function createReportRecorder(deps: RecordDeps) {
  const { runs, clock, events } = deps
  const passwords = createReportedPasswords(deps)

  return async function record(reports: Report[], by: Actor): Promise<Reported[]> {
    const outcomes: ReportOutcome[] = []
    const now = clock.now()
    for (let left = [...reports.entries()]; left.length > 0; left = left.filter(([index]) => !outcomes[index])) {
      const changes: RunReport[] = []
      const records = await runs.records(left.map(([, { runId }]) => runId))
      for (const [place, [index, report]] of left.entries()) {
        const known = records[place]
        const safe = await passwords.withhold(report, known)
        const decide = (current: RunRecord | undefined) => {
          delete outcomes[index]
          // Another report may have told meanwhile whose run it is.
          if (agentOf(report, current) !== safe.secretsOf) return undefined
          const outcome = refusalOf(report, current, by) ?? applyReport(current, safe, { at: now, by })
          outcomes[index] = outcome
          if (!('refusal' in outcome)) passwords.remember(safe)
          return 'run' in outcome ? outcome.run : undefined
        }
        if (decide(known)) changes.push({ id: report.runId, decide })
      }
      if (changes.length > 0) await runs.report(changes)
    }
    for (const outcome of outcomes) announce(events, outcome, by)
    return outcomes.map((outcome) =>
      'refusal' in outcome
        ? { error: outcome.isForbidden ? new ForbiddenError(outcome.refusal) : new ConflictError(outcome.refusal) }
        : { change: outcome.change },
    )
  }
}

function announce({ emit }: Pick<EventStream, 'emit'>, outcome: ReportOutcome, by: Actor): void {
  if (!('run' in outcome)) return
  const { id: runId, agent, status, durationSeconds, totalTokens, totalCostUsd, ...times } = outcome.run
  const isNew = outcome.change === 'created'
  emit('run-reported', { runId, agentId: agent, status, isNew, by })
  if (!hasEnded(status)) return
  const endedAt = times.completedAt ?? (isNew ? times.startedAt : times.reportedAt)
  emit('run-ended', { runId, agentId: agent, status, durationSeconds, totalTokens, totalCostUsd, endedAt })
}

/** Whoever sees some agents alone reports runs of these, and does not learn whose a run is that has the id. */
function refusalOf(report: Report, known: RunRecord | undefined, { agents }: Actor): ReportOutcome | undefined {
  if (agents === null) return undefined
  const isForeign = known !== undefined && !agents.includes(known.agent)
  const agent = agentOf(report, isForeign ? undefined : known)
  if (!agents.includes(agent)) return { refusal: notYours(report), isForbidden: true }
  return isForeign ? { refusal: `The run_id "${report.runId}" is taken. Use another one.` } : undefined
}

function notYours({ agentId }: Report): string {
  if (agentId === undefined) return 'Name the agent of this run in agent_id: you see only some of the agents.'
  return `You do not see the agent "${agentId}", so you cannot report its runs.`
}
