import type { Orchestrator } from '../../orchestrator/orchestrator.ts'
import { agentsAsJson, presentReason, presentSummary } from './agents.ts'
import { formatNumber } from './format.ts'
import { presentRun, runAsJson } from './runs.ts'

type Overview = ReturnType<Orchestrator['overview']>

/** The region `#overview`. */
export function presentOverview({ agents, running, today, latestFailures }: Overview, now: number) {
  return {
    agents: presentSummary(agents),
    healthy: formatNumber(agents.filter(({ health }) => health.state === 'healthy').length),
    registered: formatNumber(agents.length),
    running: formatNumber(running),
    today: formatNumber(today),
    failures: latestFailures.map((run) => ({ ...presentRun(run, now), error: run.error ?? '' })),
    troubled: agents
      .filter(({ health }) => health.state === 'unhealthy' || health.state === 'unreachable')
      .map(({ name, health }) => ({ name, reason: presentReason(health.reason) })),
  }
}

export function overviewAsJson({ agents, running, today, latestFailures }: Overview) {
  return {
    agents: {
      registered: agents.length,
      healthy: agents.filter(({ health }) => health.state === 'healthy').length,
      list: agentsAsJson({ agents, checkedAt: undefined, intervalMs: 0 }).agents,
    },
    runs: { running, today },
    latest_failures: latestFailures.map((run) => ({ ...runAsJson(run), error_message: run.error })),
  }
}
