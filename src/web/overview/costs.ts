import type { FleetCosts } from '../../orchestrator/overview/costs.ts'
import { plural } from '../../shared/plural.ts'
import { changeOf } from '../format/change.ts'
import { formatCost } from '../format/numbers.ts'
import type { Times } from '../format/times.ts'
import { presentWeekCosts } from '../format/week-costs.ts'
import { paths } from '../http/paths.ts'

const plotHeight = 176

export function presentCosts(costs: FleetCosts, times: Times) {
  const week = presentWeekCosts(costs, plotHeight, times)
  return week && { ...week, path: paths.runs(costs.query), byAgent: byAgent(costs.agents, costs.others) }
}

function byAgent(agents: FleetCosts['agents'], others: FleetCosts['others']) {
  const most = Math.max(...agents.map(({ cost }) => cost))
  const row = (name: string, path: string, cost: number, lastWeek: number) => ({
    name,
    path,
    cost: formatCost(cost),
    change: changeOf(cost, lastWeek) ?? 'new',
    share: {
      tone: '',
      done: most > 0 ? Math.min(100, Math.round((cost / most) * 1000) / 10) : 0,
      ticks: [],
      grows: undefined,
    },
  })
  return [
    ...agents.map(({ name, agentId, cost, lastWeek }) => {
      const path = agentId === undefined ? paths.runs({ agent: name }) : paths.agentPage(agentId)
      return row(name, path, cost, lastWeek)
    }),
    ...(others ? [row(plural(others.agents, 'other'), paths.agents(), others.cost, others.lastWeek)] : []),
  ]
}
