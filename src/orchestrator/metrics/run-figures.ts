import { hourMs } from '../../shared/time/durations.ts'
import type { EndedRun, EventStream } from '../events.ts'
import { createBuckets } from './buckets.ts'
import { counter, type Family, gauge, histogram, one, sharedGauge } from './family.ts'
import { createTally } from './tally.ts'

const ends = ['completed', 'failed', 'cancelled', 'lost'] as const
const durationBounds = [0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800]

type RunFigureDeps = {
  events: EventStream
  isRegistered: (agentId: string) => boolean
  runCounts: () => { queued: number; running: number }
  slots: number
  now: () => number
}

/** What programs report later, such as a history of old runs, is not what happens now. */
const liveMs = hourMs

/** Totals count every run, also of removed agents and of workflows without one. */
export function createRunFigures({ events, isRegistered, runCounts, slots, now }: RunFigureDeps): () => Family[] {
  const accepted = createTally([], [[]])
  const reported = createTally([], [[]])
  const ended = createTally(
    ['status'],
    ends.map((status) => [status]),
  )
  const tokens = createTally([], [[]])
  const cost = createTally([], [[]])
  const durations = createBuckets('status', durationBounds, ends)
  const onEnd = (count: (run: EndedRun) => void) =>
    events.on('run-ended', (run) => {
      if ((run.endedAt ?? now()) >= now() - liveMs) count(run)
    })
  const ofAgents = createAgentRunFigures({ events, isRegistered, onEnd })
  events.on('run-accepted', () => accepted.add([]))
  events.on('run-reported', ({ isNew }) => reported.add([], isNew ? 1 : 0))
  onEnd(({ status, durationSeconds, totalTokens, totalCostUsd }) => {
    ended.add([status])
    durations.add(status, durationSeconds)
    tokens.add([], totalTokens ?? 0)
    cost.add([], totalCostUsd ?? 0)
  })

  return () => {
    const { queued, running } = runCounts()
    return [
      gauge('runs_queued', 'Runs that wait for a slot.', one(queued)),
      gauge('runs_running', 'Runs sent to an agent and not finished, background jobs included.', one(running)),
      sharedGauge('run_slots', 'Maximum of concurrent runs on all agents.', one(slots)),
      counter('runs_accepted_total', 'Runs accepted by this dashboard.', accepted.samples()),
      counter('runs_reported_total', 'New runs reported by the programs that carry them out.', reported.samples()),
      counter('runs_ended_total', 'Runs that ended, by status.', ended.samples()),
      histogram('run_duration_seconds', 'Duration of runs that ended, by status.', durations.samples()),
      counter('run_tokens_total', 'Tokens of runs that ended, as far as agents report them.', tokens.samples()),
      counter('run_cost_usd_total', 'Cost in US dollars of runs that ended, as far as reported.', cost.samples()),
      ...ofAgents(),
    ]
  }
}

function createAgentRunFigures({
  events,
  isRegistered,
  onEnd,
}: Pick<RunFigureDeps, 'events' | 'isRegistered'> & {
  onEnd: (count: (run: EndedRun) => void) => void
}): () => Family[] {
  const ended = createTally(['agent_id', 'status'])
  const tokens = createTally(['agent_id'])
  const cost = createTally(['agent_id'])
  const all = [ended, tokens, cost]
  onEnd(({ agentId, status, totalTokens, totalCostUsd }) => {
    // Names of workflows are without bound.
    if (!isRegistered(agentId)) return
    ended.add([agentId, status])
    tokens.add([agentId], totalTokens ?? 0)
    cost.add([agentId], totalCostUsd ?? 0)
  })
  events.on('agent-removed', ({ agentId }) => {
    for (const tally of all) tally.drop(([id]) => id === agentId)
  })

  return () => {
    // Other programs remove agents silently.
    for (const tally of all) tally.drop(([id]) => !isRegistered(id!))
    return [
      counter('agent_runs_ended_total', 'Runs of an agent that ended, by status.', ended.samples()),
      counter('agent_run_tokens_total', 'Tokens of runs of an agent.', tokens.samples()),
      counter('agent_run_cost_usd_total', 'Cost in US dollars of runs of an agent.', cost.samples()),
    ]
  }
}
