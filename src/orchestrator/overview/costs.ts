import type { Clock } from '../../shared/clock.ts'
import type { HistoryStore } from '../../store/ports/history.ts'
import type { TimeRange } from '../../store/ports/run-figures.ts'
import { queryOf } from '../history/links.ts'
import type { Week } from '../history/week.ts'
import type { Registry } from '../registry/registry.ts'

/** In dollars; null where no run told. `lastWeek` ends at the moment of the week that it is now, but for whole days. */
type Compared = { cost: number | null; lastWeek: number | null }
/** `agentId` is undefined for a workflow of the Python program. */
type AgentCost = { name: string; agentId: string | undefined; cost: number; lastWeek: number }

export type WeekCosts = Compared & {
  days: (TimeRange & Compared & { query: string })[]
  today: number
  /** The dearest first. */
  agents: AgentCost[]
  others: { agents: number; cost: number; lastWeek: number } | undefined
  query: string
}

const maxAgents = 6
/** To add up the costs of so many agents takes milliseconds. */
const manyAgents = 100
const keptMs = 10_000

type CostsByAgent = (ranges: TimeRange[]) => Promise<Map<string, number>[]>

/** What many agents cost may be ten seconds old. */
export function keepCosts(
  { costsByAgent }: Pick<HistoryStore, 'costsByAgent'>,
  { elapsed }: Pick<Clock, 'elapsed'>,
): CostsByAgent {
  let kept: { key: string; costs: Map<string, number>[]; readAt: number } | undefined
  return async (ranges) => {
    const key = JSON.stringify(ranges.map(({ from }) => from))
    if (kept?.key === key && elapsed() - kept.readAt < keptMs) return kept.costs
    const costs = await costsByAgent(ranges)
    kept = costs[0]!.size < manyAgents ? undefined : { key, costs, readAt: elapsed() }
    return costs
  }
}

export async function weekCosts(
  history: Pick<HistoryStore, 'costs'>,
  costsByAgent: CostsByAgent,
  registry: Pick<Registry, 'find'>,
  week: Week,
): Promise<WeekCosts> {
  const { days, today, lastWeek, lastWeekSoFar } = week
  const whole = { from: days[0]!.from, to: days.at(-1)!.to }
  const [cost = null, before = null, ...each] = await history.costs([whole, lastWeekSoFar, ...days, ...lastWeek])
  const byAgent = await costsByAgent([whole, lastWeekSoFar])
  return {
    cost,
    lastWeek: before,
    days: days.map((day, index) => ({
      ...day,
      cost: each[index] ?? null,
      lastWeek: each[days.length + index] ?? null,
      query: queryOf(day),
    })),
    today,
    ...dearest(byAgent[0]!, byAgent[1]!, registry),
    query: queryOf(whole),
  }
}

function dearest(now: Map<string, number>, before: Map<string, number>, registry: Pick<Registry, 'find'>) {
  const names = [...new Set([...now.keys(), ...before.keys()])]
  const all = names
    .map((name) => ({ name, cost: now.get(name) ?? 0, lastWeek: before.get(name) ?? 0 }))
    .sort((a, b) => b.cost - a.cost || b.lastWeek - a.lastWeek || (a.name < b.name ? -1 : 1))
  // A row for one other says less than the row of that one.
  const shown = all.length === maxAgents + 1 ? all : all.slice(0, maxAgents)
  const rest = all.slice(shown.length)
  const sum = (of: 'cost' | 'lastWeek') => rest.reduce((total, one) => total + one[of], 0)
  return {
    agents: shown.map((one) => {
      const agent = registry.find(one.name)
      return { ...one, name: agent?.name ?? one.name, agentId: agent?.id }
    }),
    others: rest.length === 0 ? undefined : { agents: rest.length, cost: sum('cost'), lastWeek: sum('lastWeek') },
  }
}
