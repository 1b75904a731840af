import fc from 'fast-check'
import { expect } from 'vitest'
import { causeOf } from '../../../src/orchestrator/runs/failure-cause.ts'
import type { PlainRun } from '../runs/plain-runs.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Runs of two weeks before a moment, and some at the edges of its hour, its day and its weeks. */
export const anyRunBefore = (now: number): fc.Arbitrary<Omit<PlainRun, 'id'>> =>
  fc.record({
    agent: fc.constantFrom('writer', 'scraper', 'report', 'a&b "c"'),
    agentId: fc.constant(null),
    workflow: fc.constantFrom(null, 'flow'),
    by: fc.constant(null),
    status: fc.constantFrom('completed', 'failed', 'failed', 'running', 'pending', 'lost', 'paused'),
    startedAt: fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: now - 26 * hourMs, max: now }) },
      { weight: 10, arbitrary: fc.integer({ min: now - 15 * dayMs, max: now }) },
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
const mondayOf = (now: number) => midnightOf(now) - ((new Date(now).getUTCDay() + 6) % 7) * dayMs
const edgesOf = (now: number) =>
  [endOf(now), endOf(now) - dayMs, midnightOf(now), mondayOf(now), mondayOf(now) - 7 * dayMs, now - 7 * dayMs].flatMap(
    (edge) => [edge, edge - 1],
  )
const totalOf = (values: number[]) =>
  values.length === 0
    ? null
    : expect.closeTo(
        values.reduce((a, b) => a + b),
        6,
      )

/** What the overview has to say in UTC, found by looking at each run; `runs` are in the order of their insertion. */
export function naiveOverview(runs: PlainRun[], registered: string[], now: number) {
  const end = endOf(now)
  const placed = runs.map((run, number) => ({
    ...run,
    number,
    at: typeof run.startedAt === 'number' ? run.startedAt : 0,
  }))
  const newestFirst = placed.toSorted((a, b) => b.at - a.at || b.number - a.number)
  const between = (from: number, to: number) => newestFirst.filter(({ at }) => at >= from && at < to)
  const idOf = (agent: string) => (registered.includes(agent) ? agent : null)
  const day = between(end - dayMs, end)
  const durations = day.flatMap(({ duration }) => duration ?? []).sort((a, b) => a - b)
  const failed = day.filter(({ status }) => status === 'failed')
  const unfinished = ['running', 'pending'].flatMap((one) => newestFirst.filter(({ status }) => status === one))
  const groups = Map.groupBy(failed, ({ error }) => causeOf(error?.slice(0, 200) ?? null).pattern.toLowerCase())
  const costOf = (from: number, to: number) => totalOf(between(from, to).flatMap(({ cost }) => cost ?? []))
  const monday = mondayOf(now)
  const days = Array.from({ length: 7 }, (_, index) => monday + index * dayMs)
  const costs = (from: number, to: number, agent: string) =>
    between(from, to).reduce((sum, run) => sum + (run.agent === agent ? (run.cost ?? 0) : 0), 0)
  const agents = [...new Set(runs.map(({ agent }) => agent))]
    .map((name) => ({
      name,
      agent_id: idOf(name),
      cost: costs(monday, monday + 7 * dayMs, name),
      last_week_until_now: costs(monday - 7 * dayMs, now - 7 * dayMs, name),
    }))
    .filter((agent) => agent.cost !== 0 || agent.last_week_until_now !== 0)
  return {
    last_24_hours: {
      runs: day.length,
      failed: failed.length,
      p50_seconds: durations[Math.ceil(0.5 * durations.length) - 1] ?? null,
      p95_seconds: durations[Math.ceil(0.95 * durations.length) - 1] ?? null,
      hours: Array.from({ length: 24 }, (_, hour) => {
        const from = end - dayMs + hour * hourMs
        const own = between(from, from + hourMs)
        const by_status = Object.fromEntries(
          [...Map.groupBy(own, ({ status }) => status)].map(([status, some]) => [status, some.length]),
        )
        return { from: new Date(from).toISOString(), runs: own.length, by_status }
      }),
    },
    running: { runs: unfinished.length, newest: unfinished.slice(0, 5).map(({ id }) => id) },
    latest: newestFirst.slice(0, 10).map(({ id }) => id),
    errors: {
      runs: failed.length,
      grouped: failed.length,
      list: [...groups.values()]
        .sort((a, b) => b.length - a.length)
        .slice(0, 5)
        .map((group) => ({
          runs: group.length,
          hours: Array.from(
            { length: 24 },
            (_, hour) => group.filter(({ at }) => Math.floor((at - end + dayMs) / hourMs) === hour).length,
          ),
          latest_at: new Date(group[0]!.at).toISOString(),
          agents: [...Map.groupBy(group, ({ agent }) => agent)]
            .map(([name, some]) => ({ name, agent_id: idOf(name), runs: some.length }))
            .sort((a, b) => b.runs - a.runs),
          all: group.map(({ id }) => id),
        })),
    },
    cost: {
      this_week: costOf(monday, monday + 7 * dayMs),
      last_week_until_now: costOf(monday - 7 * dayMs, now - 7 * dayMs),
      days: days.map((from) => ({
        cost: costOf(from, from + dayMs),
        a_week_before: costOf(from - 7 * dayMs, from - 6 * dayMs),
      })),
      agents: agents.map((agent) => ({
        ...agent,
        cost: expect.closeTo(agent.cost, 6),
        last_week_until_now: expect.closeTo(agent.last_week_until_now, 6),
      })),
    },
  }
}
