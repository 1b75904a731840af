import { dayMs, hourMs } from '../../../../shared/time/durations.ts'
import { nearlyNothing } from '../../../history/adding.ts'
import { seqAt } from '../../../history/ranges.ts'
import type { TimeRange } from '../../../ports/run-figures.ts'
import type { Store } from '../../file/open.ts'

type Kept = 'days' | 'hours' | 'runs'
type Part = TimeRange & { of: Kept }

const amongAgents = ' AND agent IN (SELECT value FROM json_each(?))'

const tables: Record<Kept, { name: string; column: string; unitOf: (ms: number) => number }> = {
  days: { name: 'run_days', column: 'at', unitOf: (ms) => ms / dayMs },
  hours: { name: 'run_hours', column: 'at', unitOf: (ms) => ms / hourMs },
  runs: { name: 'run_index', column: 'seq', unitOf: seqAt },
}

export function createRunCosts({ $client }: Store['db']) {
  const statements = (Object.keys(tables) as Kept[]).map((of) => {
    const { name, column } = tables[of]
    const between = `${column} >= ? AND ${column} < ?`
    // The table that does not tell agents apart has far fewer rows.
    const all = of === 'days' ? 'run_totals' : name
    const sum = (table: string, where: string) => `SELECT coalesce(sum(cost), 0) FROM ${table} WHERE ${where}`
    const ofAll = $client.prepare<number[], number>(sum(all, between)).pluck()
    const ofAgents = $client.prepare<[...number[], string], number>(sum(name, `${between}${amongAgents}`)).pluck()
    const byAgent = $client
      .prepare<number[], [string, number]>(
        `SELECT agent, sum(cost) FROM ${name} WHERE ${between} GROUP BY agent HAVING sum(cost) <> 0`,
      )
      .raw()
    return [of, { ofAll, ofAgents, byAgent }] as const
  })
  const asked = new Map(statements)
  const free = (more: string) =>
    `SELECT 1 FROM run_index INDEXED BY ix_run_index_cost WHERE cost = 0 AND seq >= ? AND seq < ?${more} LIMIT 1`
  const freeOfAll = $client.prepare<number[]>(free(''))
  const freeOfAgents = $client.prepare<[...number[], string]>(free(amongAgents))

  function boundsOf({ of, from, to }: Part): [number, number] {
    const { unitOf } = tables[of]
    return [unitOf(from), unitOf(to)]
  }

  /** In sums, an unknown cost counts as 0: then a run has to say that it was free. */
  function isFree({ from, to }: TimeRange, agents: string | undefined): boolean {
    const bounds = [seqAt(from), seqAt(to)]
    return (agents === undefined ? freeOfAll.get(...bounds) : freeOfAgents.get(...bounds, agents)) !== undefined
  }

  return {
    total(range: TimeRange, agents?: string[]): number | null {
      const list = agents && JSON.stringify(agents)
      const cost = partsOf(range).reduce((sum, part) => {
        const { ofAll, ofAgents } = asked.get(part.of)!
        return sum + (list === undefined ? ofAll.get(...boundsOf(part)) : ofAgents.get(...boundsOf(part), list))!
      }, 0)
      if (Math.abs(cost) >= nearlyNothing) return cost
      return isFree(range, list) ? 0 : null
    },

    byAgent(range: TimeRange): Map<string, number> {
      const costs = new Map<string, number>()
      for (const part of partsOf(range)) {
        for (const [agent, cost] of asked.get(part.of)!.byAgent.all(...boundsOf(part))) {
          costs.set(agent, (costs.get(agent) ?? 0) + cost)
        }
      }
      return new Map([...costs].filter(([, cost]) => Math.abs(cost) >= nearlyNothing))
    },
  }
}

/** Whole days and hours by their kept sums, the rest run by run: a day of the reader begins at any minute. */
function partsOf(range: TimeRange): Part[] {
  return inner(range, 'days', dayMs, (rest) => inner(rest, 'hours', hourMs, (end) => [{ ...end, of: 'runs' }]))
}

function inner(range: TimeRange, of: Kept, unitMs: number, rest: (range: TimeRange) => Part[]): Part[] {
  if (range.from >= range.to) return []
  const from = Math.ceil(range.from / unitMs) * unitMs
  const to = Math.floor(range.to / unitMs) * unitMs
  if (from >= to) return rest(range)
  const ends = [
    { from: range.from, to: from },
    { from: to, to: range.to },
  ]
  return [{ from, to, of }, ...ends.filter((end) => end.from < end.to).flatMap(rest)]
}
