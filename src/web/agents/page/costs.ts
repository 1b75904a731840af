import type { AgentCosts } from '../../../orchestrator/agents/costs.ts'
import { costAgainstLastWeek } from '../../format/change.ts'
import { formatCost } from '../../format/numbers.ts'
import { presentCostDays } from '../../format/plot/days.ts'
import type { Times } from '../../format/times.ts'
import { paths } from '../../http/paths.ts'

const height = 96

/** Undefined where no run of these two weeks has said what it cost. */
export function presentCosts({ cost, lastWeek, days, today, query }: AgentCosts, times: Times) {
  if (days.every((day) => day.cost === null && day.lastWeek === null)) return undefined
  const week = days.map((day, index) => ({ ...day, cost: index > today ? undefined : day.cost }))
  const shown = week.map(({ from, cost, lastWeek, query }) => ({ from, cost, lastWeek, path: paths.runs(query) }))
  return {
    cost: formatCost(cost),
    change: costAgainstLastWeek(cost, lastWeek),
    dearestPath: paths.runs(`${query}&sort=cost`),
    ...presentCostDays(shown, { id: 'cost-days', height, times }),
  }
}
