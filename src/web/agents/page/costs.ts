import type { WeekCosts } from '../../../orchestrator/history/sums/week-costs.ts'
import type { Times } from '../../format/times.ts'
import { presentWeekCosts } from '../../format/week-costs.ts'
import { paths } from '../../http/paths.ts'

const plotHeight = 96

export function presentCosts(costs: WeekCosts, times: Times) {
  const week = presentWeekCosts(costs, plotHeight, times)
  return week && { ...week, dearestPath: paths.runs(`${costs.query}&sort=cost`) }
}
