import type { ListedRun } from '../../orchestrator/runs/runs.ts'
import { formatDuration } from './times.ts'

/** Seconds. The bar ends beyond what 95 of 100 runs take, so that a long run is seen to be one. */
type Usual = { p50Seconds: number; p95Seconds: number }

const roomBeyond = 1.25

/** A running run beside what runs of its workflow usually take, for `_meter`; the browser lets it grow. */
export function presentSoFar(startedAt: number, now: number, usual: Usual | undefined) {
  const seconds = Math.max(0, now - startedAt) / 1000
  const toSeconds = usual ? roomBeyond * usual.p95Seconds : 0
  return {
    since: new Date(startedAt).toISOString(),
    soFar: formatDuration(seconds),
    about: usual && formatDuration(usual.p50Seconds),
    meter: usual && {
      tone: 'working',
      grows: { since: new Date(startedAt).toISOString(), toSeconds },
      done: percent(seconds, toSeconds),
      ticks: [percent(usual.p50Seconds, toSeconds)],
    },
  }
}

/** Whether a run of the Python program is still at work nobody knows. */
export function hasProgress({
  status,
  agentId,
  startedAt,
}: Pick<ListedRun, 'status' | 'agentId' | 'startedAt'>): boolean {
  return status === 'running' && agentId !== undefined && Number.isFinite(startedAt)
}

const percent = (value: number, of: number): number =>
  of > 0 ? Math.min(100, Math.round((value / of) * 1000) / 10) : 0
