import type { WeekCosts } from '../../orchestrator/history/sums/week-costs.ts'
import { paths } from '../http/paths.ts'
import { costAgainstLastWeek } from './change.ts'
import { formatCost } from './numbers.ts'
import { presentCostDays } from './plot/days.ts'
import type { Times } from './times.ts'

/** Undefined where no run of these two weeks has said what it cost. */
export function presentWeekCosts({ cost, lastWeek, days, today }: WeekCosts, height: number, times: Times) {
  if (days.every((day) => day.cost === null && day.lastWeek === null)) return undefined
  const week = days.map((day, index) => ({
    from: day.from,
    cost: index > today ? undefined : day.cost,
    lastWeek: day.lastWeek,
    path: paths.runs(day.query),
  }))
  return {
    cost: formatCost(cost),
    change: costAgainstLastWeek(cost, lastWeek),
    ...presentCostDays(week, { id: 'cost-days', height, times }),
  }
}
