import type { RunResult } from '../../agent/protocol.ts'
import type { FieldError } from '../../shared/errors.ts'
import { hasEnded } from '../../shared/run-status.ts'
import type { RunRecord, RunStatus, RunStep } from '../../store/ports/runs.ts'
import type { Moment } from './time.ts'

/** pending → running → completed | failed | cancelled | lost. `unsent` goes back to pending: no byte was sent. `moved`:
 * the agent of the job has another URL. An event of an older attempt, or after the end, changes nothing. */
export type RunEvent =
  | { kind: 'sent'; attempt: number; url: string }
  | { kind: 'unsent'; attempt: number }
  | { kind: 'job'; attempt: number; jobId: string }
  | { kind: 'moved'; attempt: number; url: string }
  | { kind: 'completed'; attempt: number; result: RunResult; polls?: number }
  | {
      kind: 'failed'
      attempt: number
      message: string
      fields?: FieldError[] | undefined
      result?: RunResult | undefined
      polls?: number
    }
  | { kind: 'lost'; attempt: number; message: string; polls?: number }
  | { kind: 'cancelled'; message: string; result?: RunResult | undefined; polls?: number }

type RunState = Pick<RunRecord, 'status' | 'attempt' | 'startedAt' | 'jobId'> & Partial<Pick<RunRecord, 'agentUrl'>>
type RunChange = RunStep['change']

export function applyEvent(run: RunState, event: RunEvent, moment: Moment): RunStep | undefined {
  const { attempt } = run
  const change = hasEnded(run.status) ? undefined : changeOf(run, attempt, event, moment)
  const at = Number.isFinite(run.startedAt) ? run.startedAt + Math.round(moment.sinceStartMs) : moment.at
  return change && { change, event: { kind: event.kind, attempt: change.attempt ?? attempt, at } }
}

/** Whether a run is as the event leaves it. Only the dashboard that carries it out brings it on. */
export function isOutcome({ status, attempt, jobId }: RunState, event: RunEvent): boolean {
  if (event.kind === 'cancelled') return status === 'cancelled'
  if (event.attempt !== attempt) return false
  switch (event.kind) {
    case 'sent':
      return status === 'running' && jobId === null
    case 'unsent':
      return status === 'pending'
    case 'job':
      return status === 'running' && jobId === event.jobId
    case 'moved':
      return false
    default:
      return status === event.kind
  }
}

function changeOf(run: RunState, attempt: number, event: RunEvent, moment: Moment): RunChange | undefined {
  if (event.kind === 'cancelled') {
    return { ...ended(run, 'cancelled', moment, event.polls), error: event.message, ...event.result }
  }
  if (event.kind === 'sent') {
    return run.status === 'pending' && event.attempt === attempt + 1
      ? { status: 'running', attempt: event.attempt, sentAt: notBefore(run, moment.at), agentUrl: event.url }
      : undefined
  }
  if (event.attempt !== attempt) return undefined
  const isWaiting = run.status === 'running' && run.jobId === null
  switch (event.kind) {
    case 'unsent':
      return isWaiting ? { status: 'pending' } : undefined
    case 'job':
      return isWaiting ? { jobId: event.jobId } : undefined
    case 'moved':
      return run.status === 'running' && run.jobId !== null && run.agentUrl !== event.url
        ? { agentUrl: event.url }
        : undefined
    case 'completed':
      return run.status === 'running' ? { ...ended(run, 'completed', moment, event.polls), ...event.result } : undefined
    case 'failed':
      return {
        ...ended(run, 'failed', moment, event.polls),
        error: event.message,
        ...fieldsOf(event.fields),
        ...event.result,
      }
    case 'lost':
      return { ...ended(run, 'lost', moment, event.polls), error: event.message }
  }
}

function ended(run: RunState, status: RunStatus, { at, durationMs }: Moment, polls?: number): RunChange {
  const durationSeconds = Math.round(Math.max(0, durationMs)) / 1000
  return { status, completedAt: notBefore(run, at), durationSeconds, ...(polls !== undefined && { polls }) }
}

/** The clock may have been set back. */
function notBefore({ startedAt }: RunState, at: number): number {
  return startedAt > at ? startedAt : at
}

function fieldsOf(fields: FieldError[] = []): RunChange {
  return fields.length === 0 ? {} : { errorFields: fields }
}
