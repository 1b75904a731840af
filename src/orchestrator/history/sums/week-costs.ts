import type { HistoryStore } from '../../../store/ports/history.ts'
import type { TimeRange } from '../../../store/ports/run-figures.ts'
import { queryOf } from '../links.ts'
import type { Week } from './week.ts'

/** In dollars; null where no run told. `lastWeek` ends at the moment of the week that it is now, but for whole days. */
type Compared = { cost: number | null; lastWeek: number | null }

/** A `query` is what follows `/runs?` in the URL of just these runs; `today` is the index of the day. */
export type WeekCosts = Compared & {
  days: (TimeRange & Compared & { query: string })[]
  today: number
  query: string
}

export function wholeOf({ days }: Week): TimeRange {
  return { from: days[0]!.from, to: days.at(-1)!.to }
}

export async function weekCosts(
  history: Pick<HistoryStore, 'costs'>,
  week: Week,
  agentId?: string,
): Promise<WeekCosts> {
  const { days, today, lastWeek, lastWeekSoFar } = week
  const whole = wholeOf(week)
  const agents = agentId === undefined ? undefined : [agentId]
  const ofAgents = agents && { agents }
  const ranges = [whole, lastWeekSoFar, ...days, ...lastWeek]
  const [cost = null, before = null, ...each] = await history.costs(ranges, agents)
  return {
    cost,
    lastWeek: before,
    days: days.map((day, index) => ({
      ...day,
      cost: each[index] ?? null,
      lastWeek: each[days.length + index] ?? null,
      query: queryOf({ ...day, ...ofAgents }),
    })),
    today,
    query: queryOf({ ...whole, ...ofAgents }),
  }
}
