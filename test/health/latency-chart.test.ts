import { expect, test } from 'vitest'
import type { Downtime } from '../../src/orchestrator/health/records/incidents.ts'
import { latencyOf, type Range } from '../../src/orchestrator/health/records/latency.ts'
import { utc, type Zone, zoneNamed } from '../../src/shared/time/zone.ts'
import type { RecordedCheck } from '../../src/store/ports/health.ts'
import { createTimes } from '../../src/web/format/times.ts'
import { presentLatencyChart } from '../../src/web/health/latency-chart.ts'
import { checksOf, dayMs, failed, hourMs, minuteMs } from '../support/agents/agent-history.ts'
import { openTestStore } from '../support/store/store.ts'

type Options = { downtimes?: (now: number) => Downtime[]; zone?: Zone; firstCheckAt?: (now: number) => number }

async function chartOf(range: Range, make: (now: number) => RecordedCheck[], options: Options = {}) {
  const { downtimes = () => [], zone = utc, firstCheckAt } = options
  const { store, clock } = openTestStore()
  const now = clock.now()
  await store.health.record(make(now))
  const latency = await latencyOf(store.health, 'a', range, now, firstCheckAt?.(now))
  return presentLatencyChart(latency, downtimes(now), createTimes(zone, now))
}

/** The points of a path: its numbers, two by two. */
const pointsOf = (path: string) =>
  [...path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)])
const down = (startedAt: number, endedAt?: number): Downtime => ({ startedAt, endedAt, reason: 'connection refused' })

test('the line goes through the averages, by two grid lines', async () => {
  const { plot } = await chartOf('24h', (now) =>
    checksOf('a', { from: now - dayMs, to: now, everyMs: minuteMs }, (index) => ({ latencyMs: index % 2 ? 100 : 50 })),
  )
  expect(plot.levels).toEqual([
    { y: plot.height / 2, label: '50 ms' },
    { y: 0, label: '100 ms' },
  ])
  const points = pointsOf(plot.curves.mean)
  expect(points.length).toBeGreaterThan(90)
  for (const [x, y] of points) {
    expect(x).toBeGreaterThanOrEqual(0)
    expect(x).toBeLessThanOrEqual(plot.curves.width)
    expect(Math.abs(y! - plot.height / 4)).toBeLessThan(8)
  }
})

test('a few answers that took very long do not press all others to the ground', async () => {
  const { plot, figure } = await chartOf('24h', (now) =>
    checksOf('a', { from: now - 3 * hourMs, to: now, everyMs: 10_000 }, (index) => ({
      latencyMs: index === 700 ? 2900 : 40,
    })),
  )
  // The averages are never cut off: this one raised its own to 135 ms.
  expect(figure).toEqual({ average: '43 ms', span: '40 ms–2.9s', cut: 'cut off at 240 ms' })
  for (const [, y] of pointsOf(plot.curves.band)) expect(y).toBeGreaterThanOrEqual(0)
})

test('points that stand alone are dots', async () => {
  const { plot } = await chartOf('7d', (now) => checksOf('a', { from: now - 6 * dayMs, to: now, everyMs: dayMs }))
  expect(plot.curves.alone.match(/M/g)).toHaveLength(6)
  const hourly = await chartOf('7d', (now) => checksOf('a', { from: now - dayMs, to: now, everyMs: hourMs }))
  expect(hourly.plot.curves.alone).toBe('')
})

test('each part of the time is read out, also where nothing was checked or answered', async () => {
  const { plot, table } = await chartOf('24h', (now) => [
    ...checksOf('a', { from: now - 3 * hourMs, to: now - 2 * hourMs, everyMs: minuteMs }, (index) => ({
      latencyMs: index % 2 ? 30 : 60,
    })),
    ...checksOf('a', { from: now - hourMs, to: now, everyMs: minuteMs }, () => failed),
  ])
  expect(plot.curves.slots).toHaveLength(table.rows.length)
  const { x, width } = plot.curves.slots.at(-1)!
  expect(x + width).toBeCloseTo(100)
  const rowAt = (when: string) => table.rows.find((row) => row.when === when)!.cells
  expect(rowAt('Today, 13:30')).toEqual(['46 ms', '30–60 ms', '100%'])
  expect(rowAt('Today, 14:45')).toEqual(['', '', ''])
  expect(rowAt('Today, 15:30')).toEqual(['–', '–', '0%'])
})

test('the axis of a new agent starts at its first check', async () => {
  const { plot, table } = await chartOf(
    '30d',
    (now) => checksOf('a', { from: now - 5 * hourMs, to: now, everyMs: minuteMs }),
    { firstCheckAt: (now) => now - 5 * hourMs },
  )
  expect(table.rows.map(({ when }) => when)).toEqual(['Today, 06:00', 'Today, 12:00'])
  expect(plot.moments[0]).toMatchObject({ label: '11:00' })
  const once = await chartOf('1y', (now) => checksOf('a', { from: now - 1000, to: now, everyMs: 1000 }), {
    firstCheckAt: (now) => now - 1000,
  })
  expect(once.plot.curves.alone).toMatch(/^M[\d.]+ [\d.]+v0$/)
  expect(JSON.stringify(once)).not.toMatch(/NaN|null|Infinity/)
})

test('nothing is drawn of an agent that never answered', async () => {
  const never = await chartOf('30d', () => [])
  expect(never).toMatchObject({ isEmpty: true, plot: { curves: { mean: '', band: '', alone: '' } } })
  const failing = await chartOf('24h', (now) =>
    checksOf('a', { from: now - hourMs, to: now, everyMs: minuteMs }, () => failed),
  )
  expect(failing).toMatchObject({ isEmpty: true, plot: { curves: { mean: '', band: '' } } })
  expect(failing.plot.label).toContain('no answer')
  expect(JSON.stringify(failing)).not.toMatch(/NaN|null/)
})

test('downtimes are as long as they were, and one where there is no room between them', async () => {
  const { plot } = await chartOf('24h', () => [], {
    downtimes: (now) => [
      down(now - 3 * hourMs),
      ...[1, 2, 3, 4, 5].map((index) =>
        down(now - 10 * hourMs - index * minuteMs, now - 10 * hourMs - index * minuteMs + 30_000),
      ),
      down(now - 30 * hourMs, now - 20 * hourMs),
    ],
  })
  const { downs } = plot
  expect(downs).toHaveLength(3)
  expect(downs[0]).toMatchObject({ x: 0, width: expect.closeTo((4 / 24) * 100, 0) })
  expect(downs[1]!.title.split('\n')).toHaveLength(4)
  expect(downs[1]!.title).toMatch(/and 2 more$/)
  expect(downs[2]!.x + downs[2]!.width).toBe(100)
  expect(plot.label).toMatch(/Down 7 times, for 7h in all\. /)
})

test('no line leads over a downtime that can be seen as a gap', async () => {
  const checks = (now: number) => checksOf('a', { from: now - dayMs, to: now, everyMs: minuteMs })
  const stretches = ({ plot }: Awaited<ReturnType<typeof chartOf>>) => plot.curves.mean.match(/M/g)!.length
  expect(stretches(await chartOf('24h', checks))).toBe(1)
  const lasting = (minutes: number) => (now: number) => [down(now - 5 * hourMs, now - 5 * hourMs + minutes * minuteMs)]
  expect(stretches(await chartOf('24h', checks, { downtimes: lasting(10) }))).toBe(2)
  expect(stretches(await chartOf('24h', checks, { downtimes: lasting(2) }))).toBe(1)
  expect(stretches(await chartOf('30d', checks, { downtimes: lasting(10) }))).toBe(1)
})

test.each([
  ['24h', ['18:00', '21:00', '00:00', '03:00', '06:00', '09:00', '12:00', '15:00']],
  ['7d', ['16 Nov', '17 Nov', '18 Nov', '19 Nov', '20 Nov', '21 Nov', '22 Nov']],
  ['30d', ['26 Oct', '30 Oct', '3 Nov', '7 Nov', '11 Nov', '15 Nov', '19 Nov']],
] as const)('the axis of %s has round times', async (range, labels) => {
  const { plot } = await chartOf(range, () => [])
  expect(plot.moments.map(({ label }) => label)).toEqual(labels)
})

test('round times are those of the clock of who reads', async () => {
  const { plot, table } = await chartOf('24h', () => [], { zone: zoneNamed('Asia/Kolkata')! })
  const moments = plot.moments.map(({ label }) => label)
  expect(moments).toEqual(['00:00', '03:00', '06:00', '09:00', '12:00', '15:00', '18:00', '21:00'])
  expect(table.rows.at(-1)!.when).toBe('Today, 21:30')
})
