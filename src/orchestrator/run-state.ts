import type { RunResult } from '../agent/messages.ts'
import type { RunChange, RunRow } from '../store/runs.ts'

export const runStatuses = ['pending', 'running', 'completed', 'failed', 'cancelled', 'lost'] as const
export type RunStatus = (typeof runStatuses)[number]

/**
 * What can happen to a run: pending → running → completed | failed | cancelled | lost. `attempt` is the one that the
 * event belongs to; an event of an older attempt, and any event after the end, changes nothing.
 */
export type RunEvent =
  | { kind: 'sent'; attempt: number }
  | { kind: 'accepted'; attempt: number; jobId: string }
  | { kind: 'completed'; attempt: number; result: RunResult }
  | { kind: 'failed'; attempt: number; message: string }
  | { kind: 'lost'; attempt: number; message: string }

type RunState = Pick<RunRow, 'status' | 'attempt' | 'startedAt' | 'sentAt' | 'jobId'>

export function hasEnded(status: string): boolean {
  return status !== 'pending' && status !== 'running'
}

/** What `event` at `now` changes in a run, or undefined when it changes nothing. */
export function applyEvent(run: RunState, event: RunEvent, now: number): RunChange | undefined {
  if (hasEnded(run.status)) return undefined
  const attempt = run.attempt ?? 0
  if (event.kind === 'sent') {
    return run.status === 'pending' && event.attempt === attempt + 1
      ? { status: 'running', attempt: event.attempt, sentAt: now }
      : undefined
  }
  if (event.attempt !== attempt) return undefined
  switch (event.kind) {
    case 'accepted':
      return run.status === 'running' && run.jobId === null ? { jobId: event.jobId } : undefined
    case 'completed':
      return run.status === 'running' ? { ...ended(run, 'completed', now), ...event.result } : undefined
    case 'failed':
    case 'lost':
      return { ...ended(run, event.kind, now), errorMessage: event.message }
  }
}

function ended(run: RunState, status: RunStatus, now: number): RunChange {
  return { status, completedAt: now, durationSeconds: Math.max(0, now - run.startedAt) / 1000 }
}
