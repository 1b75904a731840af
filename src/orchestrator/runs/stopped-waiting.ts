import type { RunRecord } from '../../store/ports/runs.ts'

export const stoppedWaitingMessage =
  'You stopped waiting for this run. The agent was not told to stop; it may still be working, and costing money.'

/** A cancelled run was given up by a person here, or by its agent. */
export function isStoppedWaiting({ status, error }: Pick<RunRecord, 'status' | 'error'>): boolean {
  return status === 'cancelled' && error === stoppedWaitingMessage
}
