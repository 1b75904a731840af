import { LRUCache } from 'lru-cache'
import type { Clock } from '../../shared/time/clock.ts'
import type { HistoryStore } from '../../store/ports/history.ts'
import type { TimeRange } from '../../store/ports/run-figures.ts'
import type { Week } from '../history/sums/week.ts'
import { type WeekCosts, weekCosts, wholeOf } from '../history/sums/week-costs.ts'
import type { Registry } from '../registry/registry.ts'

/** In dollars. `agentId` is undefined for a workflow of the Python program. */
type AgentCost = { name: string; agentId: string | undefined; cost: number; lastWeek: number }

export type FleetCosts = WeekCosts & {
  agents: AgentCost[]
  others: { agents: number; cost: number; lastWeek: number } | undefined
}

const maxAgents = 6
/** To add up the costs of so many agents takes milliseconds. */
const manyAgents = 100
const keptMs = 10_000
/** Weeks begin elsewhere for readers in other zones. */
const maxWeeks = 30

type CostsByAgent = (ranges: TimeRange[]) => Promise<Map<string, number>[]>

/** What many agents cost may be ten seconds old. */
export function keepCosts(
  { costsByAgent }: Pick<HistoryStore, 'costsByAgent'>,
  { elapsed }: Pick<Clock, 'elapsed'>,
): CostsByAgent {
  const kept = new LRUCache<string, { costs: Map<string, number>[]; readAt: number }>({ max: maxWeeks })
  return async (ranges) => {
    const key = JSON.stringify(ranges.map(({ from }) => from))
    const known = kept.get(key)
    if (known && elapsed() - known.readAt < keptMs) return known.costs
    const costs = await costsByAgent(ranges)
    if (costs[0]!.size >= manyAgents) kept.set(key, { costs, readAt: elapsed() })
    return costs
  }
}

export async function fleetCosts(
  history: Pick<HistoryStore, 'costs'>,
  costsByAgent: CostsByAgent,
  registry: Pick<Registry, 'find'>,
  week: Week,
): Promise<FleetCosts> {
  const [now, before] = await costsByAgent([wholeOf(week), week.lastWeekSoFar])
  return { ...(await weekCosts(history, week)), ...dearest(now!, before!, registry) }
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
