import fc from 'fast-check'
import { expect } from 'vitest'
import { causeOf } from '../../../src/orchestrator/runs/failure-cause.ts'
import type { PlainRun } from '../runs/plain-runs.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Runs of ten days before a moment, and some at the edges of its hour and its day. */
export const anyRunBefore = (now: number): fc.Arbitrary<Omit<PlainRun, 'id'>> =>
  fc.record({
    agent: fc.constantFrom('writer', 'scraper', 'report', 'a&b "c"'),
    agentId: fc.constant(null),
    workflow: fc.constantFrom(null, 'flow'),
    status: fc.constantFrom('completed', 'failed', 'failed', 'running', 'pending', 'lost', 'paused'),
    startedAt: fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: now - 26 * hourMs, max: now }) },
      { weight: 10, arbitrary: fc.integer({ min: now - 10 * dayMs, max: now }) },
      { weight: 1, arbitrary: fc.constantFrom('None', ...edgesOf(now)) },
    ),
    duration: fc.constantFrom(null, 0, 1.5, 20, 300),
    cost: fc.constantFrom(null, null, 0, 0.25, 1),
    tokens: fc.constantFrom(null, 10, 2000),
    inputs: fc.constant(null),
    outputs: fc.constant(null),
    error: fc.constantFrom(
      ...[null, '', 'connection refused', 'Cannot connect to agent at http://x: connection refused. Is it running?'],
      ...['late by 5 s', 'late by 7 s', `no "${'x'.repeat(300)}`, '<b>bold</b> & so on'],
    ),
  })

const endOf = (now: number) => Math.floor(now / hourMs) * hourMs + hourMs
const midnightOf = (now: number) => Math.floor(now / dayMs) * dayMs
const edgesOf = (now: number) => [endOf(now), endOf(now) - dayMs, midnightOf(now)].flatMap((edge) => [edge, edge - 1])

/** What the overview has to say, found by looking at each run; `runs` are in the order of their insertion. */
export function naiveOverview(runs: PlainRun[], registered: string[], now: number) {
  const [end, midnight] = [endOf(now), midnightOf(now)]
  const placed = runs.map((run, number) => ({
    ...run,
    number,
    at: typeof run.startedAt === 'number' ? run.startedAt : 0,
  }))
  const newestFirst = placed.toSorted((a, b) => b.at - a.at || b.number - a.number)
  const between = (from: number, to: number) => newestFirst.filter(({ at }) => at >= from && at < to)
  const idOf = (agent: string) => (registered.includes(agent) ? agent : null)
  const sums = (some: typeof newestFirst, days = 1) => {
    const [tokens, costs] = [some.flatMap((run) => run.tokens ?? []), some.flatMap((run) => run.cost ?? [])]
    const sum = (list: number[]) => (list.length === 0 ? null : expect.closeTo(list.reduce((a, b) => a + b) / days, 6))
    return { runs: some.length / days, tokens: sum(tokens), cost_usd: sum(costs) }
  }
  const day = between(end - dayMs, end)
  const today = between(midnight, midnight + dayMs)
  const first = Math.min(now, ...placed.filter(({ at }) => at > 0).map(({ at }) => at))
  const days = Math.max(0, Math.min(7, (midnight - Math.floor(first / dayMs) * dayMs) / dayMs))
  const goingOn = newestFirst.filter(({ status }) => status === 'running' || status === 'pending')
  const isFailed = ({ status }: PlainRun) => status === 'failed'
  const within = day.some(isFailed) ? 'day' : 'week'
  const failed = (within === 'day' ? day : between(end - 7 * dayMs, end)).filter(isFailed)
  const groups = Map.groupBy(failed, ({ agent, error }) =>
    JSON.stringify([agent, causeOf(error?.slice(0, 200) ?? null).pattern.toLowerCase()]),
  )
  const agents = [...Map.groupBy(day, ({ agent }) => agent)].flatMap(([name, own]) => {
    const durations = own.flatMap(({ duration }) => duration ?? [])
    const mean_seconds = durations.reduce((a, b) => a + b, 0) / durations.length
    const worst = Math.max(...durations)
    return durations.length === 0 ? [] : { name, agent_id: idOf(name), runs: durations.length, mean_seconds, worst }
  })
  const { runs: _, ...usage } = sums(today)
  return {
    runs: { running: goingOn.length, today: today.length, failed_today: today.filter(isFailed).length },
    going_on: goingOn.slice(0, 5).map(({ id }) => id),
    hours: Array.from({ length: 24 }, (_, hour) => {
      const from = end - dayMs + hour * hourMs
      const own = between(from, from + hourMs)
      const by_status = Object.fromEntries(
        [...Map.groupBy(own, ({ status }) => status)].map(([status, some]) => [status, some.length]),
      )
      return { from: new Date(from).toISOString(), runs: own.length, by_status }
    }),
    usage: {
      today: usage,
      daily_mean: days === 0 ? null : { days, ...sums(between(midnight - days * dayMs, midnight), days) },
    },
    failures: {
      within,
      runs: failed.length,
      grouped: failed.length,
      causes: [...groups.values()]
        .sort((a, b) => b.length - a.length)
        .slice(0, 8)
        .map((group) => ({
          agent_id: idOf(group[0]!.agent),
          runs: group.length,
          newest: group[0]!.id,
          all: group.map(({ id }) => id),
        })),
    },
    slowest_agents: agents
      .sort((a, b) => b.mean_seconds - a.mean_seconds || (a.name < b.name ? -1 : 1))
      .slice(0, 6)
      .map((agent) => ({ ...agent, mean_seconds: expect.closeTo(agent.mean_seconds, 6) })),
    latest_failures: newestFirst
      .filter(isFailed)
      .slice(0, 5)
      .map(({ id }) => id),
  }
}
