import { LRUCache } from 'lru-cache'
import type { Clock } from '../../shared/time/clock.ts'
import type { CompletedRun, RunStore } from '../../store/ports/runs.ts'
import type { EventStream } from '../events.ts'
import type { ListedRun } from './runs.ts'

type Usual = {
  /** Within which half of the runs, and 95 of 100, completed. */
  p50Seconds: number
  p95Seconds: number
  /** Undefined where the cost of fewer than 5 is known. */
  p50CostUsd: number | undefined
  /** Of each run, ascending. */
  seconds: number[]
}

/** Resolves to undefined where fewer than 5 runs completed. */
export type UsualRuns = (run: Pick<ListedRun, 'agentId' | 'workflow'>) => Promise<Usual | undefined>

/** Only of a running run, and where enough is known of its workflow. */
export type RunWithUsual = ListedRun & { usual: Usual | undefined }

const maxRuns = 50
const minRuns = 5
const maxAgentsKept = 2000
/** The Python program completes runs too, and nobody hears of it. */
const keptMs = 10_000

type Kept = { readAt: number; usual: Promise<Usual | undefined> }

/** Reads again when a run of the agent has ended, and every 10 seconds. */
export function createUsualRuns(
  runs: Pick<RunStore, 'latestCompleted'>,
  clock: Pick<Clock, 'elapsed'>,
  events: Pick<EventStream, 'on'>,
): UsualRuns {
  const kept = new LRUCache<string, Map<string, Kept>>({ max: maxAgentsKept })
  events.on('run-ended', ({ agentId }) => kept.delete(agentId))

  return async ({ agentId, workflow }) => {
    const agent = agentId ?? workflow
    const ofAgent = kept.get(agent) ?? new Map<string, Kept>()
    const known = ofAgent.get(workflow)
    if (known && clock.elapsed() - known.readAt < keptMs) return known.usual
    const usual = runs.latestCompleted(agent, workflow, maxRuns).then(usualOf)
    kept.set(agent, ofAgent.set(workflow, { readAt: clock.elapsed(), usual }))
    usual.catch(() => ofAgent.delete(workflow))
    return usual
  }
}

export async function withUsual(runs: ListedRun[], usual: UsualRuns): Promise<RunWithUsual[]> {
  return Promise.all(
    runs.map(async (run) => ({ ...run, usual: run.status === 'running' ? await usual(run) : undefined })),
  )
}

function usualOf(runs: CompletedRun[]): Usual | undefined {
  if (runs.length < minRuns) return undefined
  const seconds = ascending(runs.map(({ durationSeconds }) => durationSeconds))
  const costs = ascending(runs.map(({ costUsd }) => costUsd).filter((cost) => cost !== null))
  return {
    p50Seconds: nearestRank(seconds, 0.5),
    p95Seconds: nearestRank(seconds, 0.95),
    p50CostUsd: costs.length < minRuns ? undefined : nearestRank(costs, 0.5),
    seconds,
  }
}

const ascending = (values: number[]) => values.toSorted((a, b) => a - b)

const nearestRank = (sorted: number[], share: number) => sorted[Math.ceil(share * sorted.length) - 1]!
