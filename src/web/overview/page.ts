import type { AgentList } from '../../orchestrator/agents/service.ts'
import type { RunOverview } from '../../orchestrator/overview/overview.ts'
import { agentsAsJson } from '../agents/list.ts'
import { formatNumber } from '../format/numbers.ts'
import type { Times } from '../format/times.ts'
import { presentHealth, presentSummary } from '../health/state.ts'
import { paths } from '../http/paths.ts'
import { overviewRunsAsJson, presentOverviewRuns } from './runs.ts'

type Overview = { list: AgentList; runs: RunOverview }

/** The region `#overview`. `tag` is what polling sends back. */
export async function presentOverview({ list, runs }: Overview, times: Times, tag: string) {
  const { agents, mayBeOffline } = list
  const summary = presentSummary(agents)
  return {
    tag,
    mayBeOffline,
    healthy: formatNumber(summary.states.find(isHealthy)?.agents ?? 0),
    registered: formatNumber(agents.length),
    otherStates: summary.states.filter((one) => !isHealthy(one)),
    troubled: agents.filter(isInTrouble).map(({ id, name, health }) => ({
      name,
      path: paths.agentPage(id),
      health: presentHealth(health, times),
    })),
    runs: await presentOverviewRuns(runs, times),
  }
}

export function overviewAsJson({ list, runs }: Overview) {
  return {
    agents: {
      registered: list.agents.length,
      healthy: list.agents.filter(({ health }) => health.state === 'healthy').length,
      list: agentsAsJson(list).agents,
    },
    ...overviewRunsAsJson(runs),
  }
}

function isHealthy({ word }: { word: string }): boolean {
  return word === 'healthy'
}

function isInTrouble({ health: { state, isFlapping } }: Overview['list']['agents'][number]): boolean {
  return state === 'down' || state === 'expired' || state === 'degraded' || isFlapping
}
