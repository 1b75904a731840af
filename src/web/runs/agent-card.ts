import type { Health } from '../../orchestrator/health/shown.ts'
import type { AgentDayReader } from '../../orchestrator/history/sums/agent-days.ts'
import type { FoundRun } from '../../orchestrator/runs/commands.ts'
import { plural } from '../../shared/plural.ts'
import { formatPercent } from '../format/numbers.ts'
import { formatDuration, type Times } from '../format/times.ts'
import { presentHour } from '../health/last-hour.ts'
import { presentHealth } from '../health/state.ts'
import { paths } from '../http/paths.ts'

export type AgentDay = NonNullable<ReturnType<Awaited<ReturnType<AgentDayReader['read']>>['of']['get']>>

export function presentAgentCard(
  { id, name }: NonNullable<FoundRun['agent']>,
  health: Health,
  day: AgentDay | undefined,
  times: Times,
) {
  return {
    name,
    path: paths.agentPage(id),
    state: presentHealth(health, times),
    hour: presentHour(health.lastHour),
    day: day ? dayWords(day) : 'No runs in 24 h',
  }
}

function dayWords({ runs, success, p50Seconds }: AgentDay): string {
  return [
    `${plural(runs, 'run')} in 24 h`,
    success === undefined ? '' : `${formatPercent(success)} successful`,
    p50Seconds === undefined ? '' : `p50 ${formatDuration(p50Seconds)}`,
  ]
    .filter(Boolean)
    .join(' · ')
}
