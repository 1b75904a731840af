import { jsonMembers, looseValue } from '../../shared/json.ts'
import { plural } from '../../shared/plural.ts'
import { hasEnded } from '../../shared/run-status.ts'
import { formatCost } from '../../web/format/numbers.ts'
import { formatDuration } from '../../web/format/times.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Tone } from '../terminal/print.ts'

export type ListedRun = {
  run_id: string
  agent_id: string | null
  workflow: string
  status: string
  started_at: string | null
  completed_at: string | null
  duration_seconds: number | null
  total_tokens: number | null
  total_cost_usd: number | null
  /** Of a dashboard from before that was recorded, undefined. */
  started_by?: string | null
}

/** One run; its payloads as JSON texts, so that numbers keep their digits. */
export type Run = ListedRun & {
  error_message: string | null
  errors?: { field: string; message: string }[]
  agent_url: string | null
  rerun_of: string | null
  queued?: { limit: string; slots: number }
  inputs: string
  outputs: string
}

export function readRun(text: string): Run {
  const members = jsonMembers(text)!
  const { inputs = 'null', outputs = 'null', ...rest } = Object.fromEntries(members)
  const plain = Object.entries(rest).map(([name, json]) => [name, looseValue(json)])
  return { ...(Object.fromEntries(plain) as Omit<Run, 'inputs' | 'outputs'>), inputs, outputs }
}

const tones: Record<string, Tone> = {
  pending: 'waiting',
  running: 'working',
  completed: 'good',
  failed: 'bad',
  cancelled: 'idle',
  lost: 'waiting',
}

export function statusOf({ status }: Pick<ListedRun, 'status'>): { text: string; tone: Tone | undefined } {
  return { text: status === 'pending' ? 'queued' : status || 'unknown', tone: tones[status] }
}

/** Of a run that has not ended: so far. */
export function durationOf({ status, started_at, duration_seconds }: ListedRun, now: number): number | null {
  if (hasEnded(status) || started_at === null) return duration_seconds
  return Math.max(0, now - Date.parse(started_at)) / 1000
}

export function endOf({ status, duration_seconds, total_tokens, total_cost_usd }: ListedRun): string {
  const parts = [
    duration_seconds === null ? status : `${status} in ${formatDuration(duration_seconds)}`,
    total_tokens !== null && plural(total_tokens, 'token'),
    total_cost_usd !== null && formatCost(total_cost_usd),
  ]
  return parts.filter(Boolean).join(' · ')
}

export function exitCodeOf({ status }: Pick<ListedRun, 'status'>): number {
  if (status === 'completed') return exitCodes.done
  return status === 'lost' || status === 'cancelled' ? exitCodes.lostOrCancelled : exitCodes.failed
}
