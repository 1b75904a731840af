import type { FieldError } from '../../shared/errors.ts'
import { runPageNames } from '../../shared/reserved-ids.ts'
import { hasEnded } from '../../shared/run-status.ts'
import { isVisible } from '../../shared/text/visible.ts'
import { dayMs } from '../../shared/time/durations.ts'
import { idErrors } from '../registry/registration.ts'

/** What a program says of a run of its own. What is undefined stays as it was reported before. */
export type Report = {
  runId: string
  workflow: string
  agentId: string | undefined
  status: 'running' | 'completed' | 'failed' | 'cancelled'
  startedAt: number
  completedAt: number | undefined
  /** JSON text of an object. */
  inputs: string | undefined
  outputs: string | undefined
  error: string | undefined
  totalTokens: number | undefined
  totalCostUsd: number | undefined
  traceId: string | undefined
}

/** A clock may be wrong by a time zone. */
const maxAheadMs = dayMs

export function errorsIn(report: Report, now: number): FieldError[] {
  const { runId, workflow, agentId, status, startedAt, completedAt, error } = report
  const errors: FieldError[] = []
  const refuse = (field: string, message: string) => errors.push({ field, message })
  if (runPageNames.has(runId)) refuse('run_id', `"${runId}" is a page of the dashboard; choose another run_id.`)
  if (!isVisible(workflow)) refuse('workflow_name', 'This name has no visible characters. Use letters or digits.')
  if (agentId !== undefined) errors.push(...(isVisible(agentId) ? idErrors(agentId) : [unseen]))
  if (startedAt > now + maxAheadMs) refuse('started_at', ahead('started_at'))
  if (completedAt !== undefined) {
    if (!hasEnded(status))
      refuse('completed_at', 'A running run has no completed_at. Leave it out, or send another status.')
    else if (completedAt < startedAt) refuse('completed_at', 'completed_at is before started_at.')
    else if (completedAt > now + maxAheadMs) refuse('completed_at', ahead('completed_at'))
  }
  if (error !== undefined && status !== 'failed' && status !== 'cancelled')
    refuse('error', `Only a failed or cancelled run has an error; the status is ${status}.`)
  return errors
}

const unseen = { field: 'agent_id', message: 'This Agent ID has no visible characters. Use letters or digits.' }
const ahead = (field: string) =>
  `${field} is more than a day in the future. Check the clock, and send UTC or a time with its offset.`
