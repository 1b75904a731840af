import type { WeekCosts } from '../../orchestrator/overview/costs.ts'
import { plural } from '../../shared/plural.ts'
import { changeOf, costAgainstLastWeek } from '../format/change.ts'
import { formatCost } from '../format/numbers.ts'
import { presentCostDays } from '../format/plot/days.ts'
import type { Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'

const plotHeight = 176

/** Undefined where no run of these two weeks has said what it cost. */
export function presentCosts({ cost, lastWeek, days, today, agents, others, query }: WeekCosts, times: Times) {
  if (days.every((day) => day.cost === null && day.lastWeek === null)) return undefined
  const week = days.map((day, index) => ({
    from: day.from,
    cost: index > today ? undefined : day.cost,
    lastWeek: day.lastWeek,
    path: paths.runs(day.query),
  }))
  return {
    total: formatCost(cost),
    change: costAgainstLastWeek(cost, lastWeek),
    path: paths.runs(query),
    ...presentCostDays(week, { id: 'cost-days', height: plotHeight, times }),
    byAgent: byAgent(agents, others),
  }
}

function byAgent(agents: WeekCosts['agents'], others: WeekCosts['others']) {
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
