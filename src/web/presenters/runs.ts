import type { ListedRun, RunList, RunQuery } from '../../orchestrator/runs.ts'
import { formatCost, formatDuration, formatNumber, isoTime, presentMoment } from './format.ts'

const tones: Record<string, string> = {
  pending: 'waiting',
  running: 'working',
  completed: 'good',
  failed: 'bad',
  cancelled: 'idle',
  lost: 'waiting',
}
/** Statuses that stand in the filter even when no run has them. */
const usualStatuses = ['running', 'completed', 'failed']

/** A status as a pill: its word and its colour. Words that only the Python program knows are shown as they are. */
export function presentStatus(status: string) {
  return { word: status === '' ? 'Unknown' : status[0]!.toUpperCase() + status.slice(1), tone: tones[status] ?? 'idle' }
}

export function runPath(id: string): string {
  return `/runs/${encodeURIComponent(id)}`
}

/** A row of any list of runs. */
export function presentRun(run: ListedRun, now: number) {
  const isGoingOn = run.status === 'running' || run.status === 'pending'
  const isKnownStart = Number.isFinite(run.startedAt)
  const soFar = isGoingOn && run.agentId !== undefined && isKnownStart ? (now - run.startedAt) / 1000 : null
  return {
    id: run.id,
    /** The end of the id: ids of one moment share their beginning. */
    shortId: run.id.length > 12 ? `${run.id.slice(0, 8)}…${run.id.slice(-4)}` : run.id,
    path: runPath(run.id),
    agentId: run.agentId,
    workflow: run.workflow,
    status: presentStatus(run.status),
    started: presentMoment(run.startedAt, now),
    duration: formatDuration(run.durationSeconds ?? soFar),
    tokens: formatNumber(run.totalTokens),
    cost: formatCost(run.totalCostUsd),
  }
}

/** The address of the run list for a query; parts that say nothing are left out. */
export function runsPath(query: RunQuery): string {
  const parts = Object.entries(query).filter(([, value]) => value !== undefined)
  return parts.length === 0 ? '/runs' : `/runs?${new URLSearchParams(parts as [string, string][])}`
}

/** The region `#runs`: filters, rows and pages. */
export function presentRuns(list: RunList, now: number) {
  const { query, runs, counts, total, agents, localRuns, older, newer } = list
  const { agent, status } = query
  const statuses = [...new Set([...usualStatuses, ...counts.keys()])].sort(byUse)
  const isKnownAgent = agent === undefined || agent === localRuns || agents.some(({ id }) => id === agent)
  return {
    path: runsPath(query),
    agent,
    status,
    agents: [
      ...agents.map(({ id, name }) => ({
        id,
        label: name === undefined ? `${id} (removed)` : `${name} · ${id}`,
        isChosen: id === agent,
      })),
      ...(isKnownAgent ? [] : [{ id: agent, label: `${agent} (unknown)`, isChosen: true }]),
    ],
    localRuns,
    isLocal: agent === localRuns,
    statuses: [
      { word: 'All', runs: formatNumber(total), path: runsPath({ agent }), isChosen: status === undefined },
      ...statuses.map((one) => ({
        word: presentStatus(one).word,
        runs: formatNumber(counts.get(one) ?? 0),
        path: runsPath({ agent, status: one }),
        isChosen: one === status,
      })),
    ],
    runs: runs.map((run) => presentRun(run, now)),
    matching: formatNumber(status === undefined ? total : (counts.get(status) ?? 0)),
    isFiltered: agent !== undefined || status !== undefined,
    isFirstPage: query.older === undefined && query.newer === undefined,
    allPath: '/runs',
    firstPath: runsPath({ agent, status }),
    olderPath: older === undefined ? undefined : runsPath({ agent, status, older }),
    newerPath: newer === undefined ? undefined : runsPath({ agent, status, newer }),
  }
}

const order = ['pending', 'running', 'completed', 'failed', 'lost', 'cancelled']

function byUse(a: string, b: string): number {
  const place = (status: string) => (order.includes(status) ? order.indexOf(status) : order.length)
  return place(a) - place(b)
}

export function runAsJson(run: ListedRun) {
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
  }
}

/** The list for programs; `older` and `newer` are the addresses of the neighbouring pages. */
export function runsAsJson({ query: { agent, status }, runs, counts, total, older, newer }: RunList) {
  return {
    runs: runs.map(runAsJson),
    total: status === undefined ? total : (counts.get(status) ?? 0),
    counts: Object.fromEntries(counts),
    older: older === undefined ? null : runsPath({ agent, status, older }),
    newer: newer === undefined ? null : runsPath({ agent, status, newer }),
  }
}
