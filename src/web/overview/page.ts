import type { AgentList } from '../../orchestrator/agents/service.ts'
import type { Overview } from '../../orchestrator/overview/overview.ts'
import { formatNumber } from '../format/numbers.ts'
import type { Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'
import { presentCosts } from './costs.ts'
import { presentErrors } from './errors.ts'
import { presentFleet } from './fleet.ts'
import { presentLastDay, presentLatest, presentRunning } from './runs.ts'
import { presentVerdict } from './verdict.ts'

export function presentOverview({ list, fleet, runs }: Overview<AgentList>, times: Times, tag: string) {
  const { newestAt, errors, reading } = runs
  return {
    tag,
    mayBeOffline: list.mayBeOffline,
    checked: times.moment(list.checkedAt),
    canCheck: list.agents.some(({ pausedAt }) => pausedAt === undefined),
    hasAgents: list.agents.length > 0,
    hasRuns: newestAt !== undefined || reading !== undefined,
    reading: reading && `${formatNumber(reading.done)} of ${formatNumber(reading.total)}`,
    newest: times.moment(newestAt),
    verdict: presentVerdict(fleet.counts, runs),
    fleet: presentFleet(fleet, runs.failedSince, times),
    lastDay: presentLastDay(runs, times),
    running: presentRunning(runs, times),
    errors: errors.runs === 0 ? undefined : presentErrors(errors, times),
    costs: presentCosts(runs.costs, times),
    latest: presentLatest(runs, times),
    allRunsPath: paths.runs(),
  }
}
