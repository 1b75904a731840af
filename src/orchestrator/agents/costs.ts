import type { Zone } from '../../shared/zone.ts'
import type { HistoryStore } from '../../store/ports/history.ts'
import type { TimeRange } from '../../store/ports/run-figures.ts'
import { queryOf } from '../history/links.ts'
import { weekAt } from '../history/week.ts'

/** In dollars; null where no run told. `lastWeek` ends at the moment of the week that it is now, but for whole days. */
type Compared = { cost: number | null; lastWeek: number | null }

export type AgentCosts = Compared & {
  days: (TimeRange & Compared & { query: string })[]
  today: number
  query: string
}

/** What the runs of an agent cost this week and last, by the days of a zone. */
export async function agentCosts(
  history: Pick<HistoryStore, 'costs'>,
  agentId: string,
  now: number,
  zone: Zone,
): Promise<AgentCosts> {
  const { days, today, lastWeek, lastWeekSoFar } = weekAt(now, zone)
  const whole = { from: days[0]!.from, to: days.at(-1)!.to }
  const [cost = null, before = null, ...each] = await history.costs(
    [whole, lastWeekSoFar, ...days, ...lastWeek],
    agentId,
  )
  return {
    cost,
    lastWeek: before,
    days: days.map((day, index) => ({
      ...day,
      cost: each[index] ?? null,
      lastWeek: each[days.length + index] ?? null,
      query: queryOf({ ...day, agents: [agentId] }),
    })),
    today,
    query: queryOf({ ...whole, agents: [agentId] }),
  }
}
