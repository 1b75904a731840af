import type { ListedRun } from '../../orchestrator/runs/runs.ts'
import { hasEnded } from '../../shared/run-status.ts'
import { paths } from '../http/paths.ts'
import { formatCost, formatNumber } from './numbers.ts'
import { presentReason } from './reason.ts'
import { formatDuration, isoTime, type Times } from './times.ts'

const looks: Record<string, { tone: string; icon: string }> = {
  pending: { tone: 'waiting', icon: 'clock' },
  running: { tone: 'working', icon: 'busy' },
  completed: { tone: 'good', icon: 'circle-check' },
  failed: { tone: 'bad', icon: 'circle-x' },
  cancelled: { tone: 'idle', icon: 'ban' },
  lost: { tone: 'waiting', icon: 'circle-help' },
}
const otherLook = { tone: 'idle', icon: 'circle-dashed' }
const words: Record<string, string> = { '': 'Unknown', pending: 'Queued' }

export function presentStatus(status: string) {
  return { word: words[status] ?? status[0]!.toUpperCase() + status.slice(1), ...(looks[status] ?? otherLook) }
}

/** The end of the id: ids of one moment begin alike. */
export function shortRunId(id: string): string {
  return id.length > 12 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id
}

/** Where the rest is known. */
export const beginningOfId = (id: string): string => (id.length > 12 ? id.slice(0, 8) : id)

type RunFacts = Omit<ListedRun, 'error' | 'cause' | 'inputLine'>

export function presentRun(run: RunFacts, times: Times) {
  const soFar = soFarSeconds(run, times.now)
  return {
    id: run.id,
    shortId: shortRunId(run.id),
    path: paths.run(run.id),
    agentId: run.agentId,
    workflow: run.workflow,
    status: presentStatus(run.status),
    started: times.moment(run.startedAt),
    duration: formatDuration(run.durationSeconds ?? soFar),
    tokens: formatNumber(run.totalTokens),
    cost: formatCost(run.totalCostUsd),
  }
}

/** How long a run has taken so far; null of one that has ended, and of the Python program's own. */
export function soFarSeconds(run: RunFacts, now: number): number | null {
  const isLocal = run.agentId === undefined && !run.isReported
  if (hasEnded(run.status) || isLocal || !Number.isFinite(run.startedAt)) return null
  return run.soFarSeconds ?? Math.max(0, now - run.startedAt) / 1000
}

/** What a list says of a run below its name: what went wrong, else what it was given. One line, perhaps empty. */
export function presentMeaning({
  status,
  error,
  cause,
  inputLine,
}: Pick<ListedRun, 'status' | 'error' | 'cause' | 'inputLine'>) {
  const isError = ['failed', 'lost'].includes(status) && cause !== ''
  if (!isError) return { text: inputLine ?? '', whole: inputLine ?? '', isError }
  return { text: presentReason(cause), whole: (error ?? '').replace(/\s+/g, ' ').trim(), isError }
}

export function runAsJson(run: RunFacts) {
  return {
    run_id: run.id,
    agent_id: run.agentId ?? null,
    workflow: run.workflow,
    status: run.status,
    started_at: isoTime(run.startedAt),
    completed_at: isoTime(run.completedAt),
    duration_seconds: run.durationSeconds,
    total_tokens: run.totalTokens,
    total_cost_usd: run.totalCostUsd,
    started_by: run.startedBy,
  }
}
