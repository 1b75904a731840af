import { expect, test } from 'vitest'
import type { Downtime } from '../../src/orchestrator/health/incidents.ts'
import { type Latency, latencyOf, type Range } from '../../src/orchestrator/health/latency.ts'
import { utc } from '../../src/shared/zone.ts'
import type { RecordedCheck } from '../../src/store/ports/health.ts'
import { createTimes } from '../../src/web/format/times.ts'
import { presentLatencyChart } from '../../src/web/health/latency-chart.ts'
import { checksOf, dayMs, failed, hourMs, minuteMs } from '../support/agents/agent-history.ts'
import { openTestStore } from '../support/store/store.ts'

async function chartOf(
  range: Range,
  make: (now: number) => RecordedCheck[],
  downtimes: (now: number) => Downtime[] = () => [],
) {
  const { store, clock } = openTestStore()
  const now = clock.now()
  await store.health.record(make(now))
  const latency: Latency = await latencyOf(store.health, 'a', range, now)
  return presentLatencyChart(latency, downtimes(now), createTimes(utc, now))
}

/** The points of a path: its numbers, two by two. */
const pointsOf = (path: string) =>
  [...path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)])
const down = (startedAt: number, endedAt?: number): Downtime => ({ startedAt, endedAt, reason: 'connection refused' })

test('the line goes through the averages, within the drawing', async () => {
  const chart = await chartOf('24h', (now) =>
    checksOf('a', { from: now - dayMs, to: now, everyMs: minuteMs }, (index) => ({ latencyMs: index % 2 ? 100 : 50 })),
  )
  const points = pointsOf(chart.line)
  expect(points.length).toBeGreaterThan(280)
  const [highest, lowest] = [chart.levels.at(-1)!, chart.levels[0]!]
  expect([lowest.label, highest.label]).toEqual(['0 ms', '100 ms'])
  const middle = lowest.y + ((highest.y - lowest.y) * 75) / 100
  for (const [x, y] of points) {
    expect(x).toBeGreaterThanOrEqual(0)
    expect(x).toBeLessThanOrEqual(chart.width)
    expect(Math.abs(y! - middle)).toBeLessThan(12)
  }
  for (const { x } of chart.moments) expect(x).toBeGreaterThanOrEqual(0)
})

test('a few answers that took very long do not press all others to the ground', async () => {
  const chart = await chartOf('24h', (now) =>
    checksOf('a', { from: now - 3 * hourMs, to: now, everyMs: 10_000 }, (index) => ({
      latencyMs: index === 700 ? 2900 : 40,
    })),
  )
  // The averages are never cut off: this one raised its own to 135 ms.
  expect(chart.cut).toBe('cut off at 250 ms')
  expect(chart.facts.at(-1)).toEqual({ name: 'Slowest', value: '2.9 s' })
  for (const [, y] of pointsOf(chart.band)) expect(y).toBeGreaterThanOrEqual(chart.top)
})

test('points that stand alone are dots', async () => {
  const chart = await chartOf('7d', (now) => checksOf('a', { from: now - 6 * dayMs, to: now, everyMs: dayMs }))
  expect(chart.dots.match(/M/g)).toHaveLength(6)
  expect((await chartOf('7d', (now) => checksOf('a', { from: now - dayMs, to: now, everyMs: hourMs }))).dots).toBe('')
})

test('nothing is drawn of an agent that never answered', async () => {
  expect(await chartOf('30d', () => [])).toMatchObject({ isEmpty: true, line: '', band: '', dots: '', rows: [] })
  const chart = await chartOf('24h', (now) =>
    checksOf('a', { from: now - hourMs, to: now, everyMs: minuteMs }, () => failed),
  )
  expect(chart).toMatchObject({ isEmpty: true, line: '', band: '' })
  expect(chart.summary).toContain('no answer')
  expect(JSON.stringify(chart)).not.toMatch(/NaN|null/)
})

test('down times are named where there is room, and drawn as one where there is none between them', async () => {
  const { downs, summary } = await chartOf(
    '24h',
    () => [],
    (now) => [
      down(now - 3 * hourMs),
      ...[1, 2, 3, 4, 5].map((index) =>
        down(now - 10 * hourMs - index * minuteMs, now - 10 * hourMs - index * minuteMs + 30_000),
      ),
      down(now - 30 * hourMs, now - 20 * hourMs),
    ],
  )
  expect(downs.map(({ words, anchor }) => [words, anchor])).toEqual([
    ['Down 10h', 'start'],
    ['▼', 'middle'],
    ['Down 3h', 'start'],
  ])
  expect(downs[0]).toMatchObject({ x: 0, width: expect.closeTo((4 / 24) * 100, 0) })
  expect(downs[1]!.title.split('\n')).toHaveLength(4)
  expect(downs[1]!.title).toMatch(/and 2 more$/)
  expect(downs[2]!.x + downs[2]!.width).toBe(100)
  expect(summary).toMatch(/Down 7 times, for 7h in all\.$/)
})

test.each([
  ['24h', ['18:00', '21:00', '22 Nov', '03:00', '06:00', '09:00', '12:00', '15:00']],
  ['7d', ['16 Nov', '17 Nov', '18 Nov', '19 Nov', '20 Nov', '21 Nov', '22 Nov']],
  ['30d', ['25 Oct', '1 Nov', '8 Nov', '15 Nov', '22 Nov']],
  ['1y', ['Dec', '2026', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov']],
] as const)('the axis of %s says times in UTC', async (range, labels) => {
  const { moments } = await chartOf(range, () => [])
  expect(moments.map(({ label }) => label)).toEqual(labels)
})
