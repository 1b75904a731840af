import fc from 'fast-check'
import { expect, test } from 'vitest'
import { latencyOf, type Range } from '../../src/orchestrator/health/latency.ts'
import { uptimeOf } from '../../src/orchestrator/health/uptime.ts'
import type { RecordedCheck } from '../../src/store/ports/health.ts'
import { checksOf, dayMs, failed, hourMs, minuteMs } from '../support/agents/agent-history.ts'
import { endurance } from '../support/endurance.ts'
import { openTestStore } from '../support/store/store.ts'

async function withChecks(make: (now: number) => RecordedCheck[]) {
  const { store, clock } = openTestStore()
  const checks = make(clock.now())
  await store.health.record(checks)
  const now = clock.now()
  const hours = await store.health.rollups('a', 'hour', now - 30 * dayMs)
  const uptime = (registeredAt = 0) => uptimeOf(hours, now, registeredAt)
  return { checks, now, uptime, latency: (range: Range) => latencyOf(store.health, 'a', range, now) }
}

/** Some checks over 40 days: none in some hours, some that fail, some that the agent was too busy to answer. */
const someChecks = fc.array(
  fc.record({
    agoMs: fc.integer({ min: 0, max: 40 * dayMs }),
    outcome: fc.constantFrom('up', 'up', 'degraded', 'busy', 'down'),
    latencyMs: fc.integer({ min: 1, max: 3000 }),
  }),
  { maxLength: 200 },
)

test('the shares of good checks are those that counting each check gives', async () => {
  await fc.assert(
    fc.asyncProperty(someChecks, async (some) => {
      const { checks, now, uptime } = await withChecks((now) =>
        some.map(({ agoMs, outcome, latencyMs }) => {
          const isAnswered = outcome === 'up' || outcome === 'degraded'
          return { agentId: 'a', at: now - agoMs, outcome, latencyMs: isAnswered ? latencyMs : null, reason: null }
        }),
      )
      // Two checks of one agent at one moment are one.
      const distinct = [...new Map(checks.toReversed().map((check) => [check.at, check])).values()]
      const share = (lengthMs: number) => {
        const counted = distinct.filter(({ at, outcome }) => {
          const hour = Math.floor(at / hourMs) * hourMs
          return outcome !== 'busy' && hour > now - lengthMs
        })
        const good = counted.filter(({ outcome }) => outcome !== 'down')
        return counted.length === 0 ? undefined : good.length / counted.length
      }
      expect(uptime().shares).toEqual({ '24h': share(dayMs), '7d': share(7 * dayMs), '30d': share(30 * dayMs) })
    }),
    { numRuns: endurance(15, 300) },
  )
})

test('nothing is known of an agent that was never checked', async () => {
  const { uptime, latency } = await withChecks(() => [])
  expect(uptime()).toEqual({ shares: { '24h': undefined, '7d': undefined, '30d': undefined }, since: undefined })
  const nothing = { up: 0, down: 0, average: undefined, fastest: undefined, slowest: undefined }
  expect(await latency('24h')).toMatchObject({ points: [], rows: [], all: nothing })
})

test('says since when an agent is watched, when that is no month', async () => {
  const since = async (days: number, registered?: (first: number) => number) => {
    const { uptime, checks, now } = await withChecks((now) =>
      checksOf('a', { from: now - days * dayMs, to: now, everyMs: 10 * minuteMs }),
    )
    const found = uptime(registered?.(checks[0]!.at)).since
    return found === undefined ? undefined : Math.round((now - found) / minuteMs)
  }
  expect(await since(40)).toBeUndefined()
  expect(await since(30)).toBeUndefined()
  // The first hour began at 16:00, the first check was at 16:14.
  expect(await since(2)).toBe(2 * 24 * 60 + 15)
  expect(await since(2, (first) => first - 3 * minuteMs)).toBe(2 * 24 * 60 + 3)
  // Registered long before this dashboard watched it.
  expect(await since(2, (first) => first - 90 * dayMs)).toBe(2 * 24 * 60 + 15)
})

test.each([
  ['24h', 5 * minuteMs, hourMs, dayMs],
  ['7d', hourMs, 6 * hourMs, 7 * dayMs],
  ['30d', hourMs, dayMs, 30 * dayMs],
  ['1y', dayMs, 7 * dayMs, 365 * dayMs],
] as const)(
  'the chart of %s has points and rows with the latencies of their checks',
  async (range, pointMs, rowMs, lengthMs) => {
    const { latency, checks, now } = await withChecks((now) =>
      checksOf('a', { from: now - lengthMs * 1.2, to: now, everyMs: pointMs / 3 }, (index) =>
        index % 7 === 0 ? failed : { latencyMs: 20 + (index % 50) },
      ),
    )
    const found = await latency(range)
    expect(found).toMatchObject({ range, to: now, pointMs, rowMs })
    expect(found.from % pointMs).toBe(0)
    expect(found.from - (now - lengthMs)).toBeGreaterThanOrEqual(0)
    expect(found.from - (now - lengthMs)).toBeLessThan(pointMs)

    const within = checks.filter(({ at }) => at >= found.from)
    const expected = (lengthMs: number) =>
      [...Map.groupBy(within, ({ at }) => Math.floor(at / lengthMs) * lengthMs)].map(([at, group]) => {
        const latencies = group.map((check) => check.latencyMs).filter((ms) => ms !== null)
        return {
          at,
          up: group.filter(({ outcome }) => outcome === 'up').length,
          down: group.filter(({ outcome }) => outcome === 'down').length,
          average: expect.closeTo(latencies.reduce((sum, ms) => sum + ms, 0) / latencies.length, 6),
          fastest: Math.min(...latencies),
          slowest: Math.max(...latencies),
        }
      })
    expect(found.points).toEqual(expected(pointMs))
    expect(found.rows).toEqual(expected(rowMs))
    expect(found.all).toMatchObject({ up: within.filter(({ outcome }) => outcome === 'up').length, slowest: 69 })
  },
)

test('a while without checks has no points, and one without answers has points without latencies', async () => {
  const { latency } = await withChecks((now) => [
    ...checksOf('a', { from: now - 5 * hourMs, to: now - 4 * hourMs, everyMs: minuteMs }),
    ...checksOf('a', { from: now - hourMs, to: now, everyMs: minuteMs }, () => failed),
  ])
  const { points, to } = await latency('24h')
  expect(points.every(({ at }) => at >= to - 6 * hourMs)).toBe(true)
  expect(points.filter(({ at }) => at > to - 3.5 * hourMs && at < to - 1.5 * hourMs)).toEqual([])
  expect(points.at(-2)).toMatchObject({ up: 0, down: 5, average: undefined, fastest: undefined, slowest: undefined })
})
