import { expect, test } from 'vitest'
import { createDayCount } from '../../src/orchestrator/health/records/day-count.ts'
import { createLastHour, slotCount, slotMs } from '../../src/orchestrator/health/records/last-hour.ts'
import { hourMs, minuteMs } from '../../src/shared/time/durations.ts'
import type { CheckOutcome } from '../../src/store/ports/health.ts'

const now = Date.UTC(2026, 10, 22, 16, 31)
const current = now - minuteMs
const second = 1000
const tenSeconds = 10 * second

type Checks = [minutesAgo: number, outcome: CheckOutcome][]

function hourOf(checks: Checks, validMs = tenSeconds, at = now) {
  const hour = createLastHour([])
  for (const [minutesAgo, outcome] of checks) hour.add(now - minutesAgo * minuteMs, outcome)
  return hour.slots(at, validMs)
}

/** The last slots, oldest first. */
const last = (count: number, checks: Checks, validMs?: number, at?: number) =>
  hourOf(checks, validMs, at).slots.slice(-count)

test('the last hour is thirty slots of two minutes, the current one last', () => {
  const { at, slots } = hourOf([
    [60, 'down'],
    [58, 'up'],
    [0, 'up'],
  ])
  expect([slots.length, slotCount, at]).toEqual([30, 30, current])
  expect(slots.flatMap((outcome, index) => (outcome ? [[index, outcome]] : []))).toEqual([
    [0, 'up'],
    [29, 'up'],
  ])
})

test('the worst check of a slot decides, in whatever order they come', () => {
  const orders: CheckOutcome[][] = [
    ['up', 'busy', 'degraded', 'down'],
    ['down', 'degraded', 'busy', 'up'],
  ]
  for (const order of orders)
    expect(
      last(
        1,
        order.map((one) => [0, one]),
      ),
    ).toEqual(['down'])
  expect(
    last(1, [
      [1, 'degraded'],
      [0, 'busy'],
    ]),
  ).toEqual(['degraded'])
  expect(
    last(1, [
      [1, 'up'],
      [0, 'busy'],
    ]),
  ).toEqual(['busy'])
})

test('a slot without a check is empty, but for the current one before its first check', () => {
  expect(
    last(4, [
      [7, 'up'],
      [3, 'down'],
      [0, 'up'],
    ]),
  ).toEqual(['up', undefined, 'down', 'up'])
  const next = hourOf([[0, 'up']], tenSeconds, now + slotMs)
  expect(next).toMatchObject({ at: current })
  expect(next.slots.at(-1)).toBe('up')
  expect(last(2, [[0, 'up']], tenSeconds, now + 2 * slotMs)).toEqual(['up', undefined])
})

test('between checks that are minutes apart the last one holds, but not for ever', () => {
  const everyFiveMinutes = 6 * minuteMs
  const minutes: Checks = [
    [10, 'up'],
    [5, 'down'],
    [0, 'up'],
  ]
  expect(last(6, minutes, everyFiveMinutes)).toEqual(['up', 'up', 'up', 'down', 'down', 'up'])
  expect(last(5, [[11, 'up']], everyFiveMinutes)).toEqual(['up', 'up', 'up', 'up', undefined])
})

test('what was recorded before goes on, and older slots are dropped', () => {
  const hour = createLastHour([
    { at: current - hourMs, outcome: 'down' },
    { at: current, outcome: 'up' },
  ])
  hour.add(now, 'degraded')
  expect(hour.slots(now, tenSeconds).slots.filter(Boolean)).toEqual(['degraded'])
})

test('the latency of a day is the mean of each hour, and nothing where no check was answered', () => {
  const day = createDayCount([
    { at: current - 30 * minuteMs - 23 * hourMs, up: 2, down: 0, answered: 2, latencySum: 80 },
  ])
  day.add(now, true, 10)
  day.add(now, true, 30)
  day.add(now, false, null)
  expect(day.latencies(now)).toEqual([40, ...Array.from({ length: 22 }), 20])
  expect(day.latencies(now + hourMs)).toEqual([...Array.from({ length: 22 }), 20, undefined])
  expect(day.uptime(now)).toBe(0.8)
})

test.each<[string, Checks, number | undefined]>([
  [
    'until now',
    [
      [8, 'up'],
      [6, 'degraded'],
      [4, 'degraded'],
      [2, 'degraded'],
      [0, 'degraded'],
    ],
    6,
  ],
  [
    'until a restart some minutes ago',
    [
      [12, 'up'],
      [10, 'degraded'],
      [8, 'degraded'],
      [6, 'degraded'],
      [5, 'degraded'],
    ],
    10,
  ],
  [
    'but well since',
    [
      [6, 'degraded'],
      [4, 'degraded'],
      [0, 'up'],
    ],
    undefined,
  ],
  [
    'but down since',
    [
      [6, 'degraded'],
      [0, 'down'],
    ],
    undefined,
  ],
  [
    'long ago',
    [
      [40, 'degraded'],
      [30, 'degraded'],
    ],
    undefined,
  ],
  [
    'after hours without a check',
    [
      [50, 'degraded'],
      [2, 'degraded'],
      [0, 'degraded'],
    ],
    2,
  ],
  ['never', [], undefined],
])('since when it is degraded: %s', (_, checks, minutesAgo) => {
  const hour = createLastHour([])
  for (const [ago, outcome] of checks) hour.add(now - ago * minuteMs, outcome)
  expect(hour.degradedSince(now)).toBe(minutesAgo === undefined ? undefined : current - minutesAgo * minuteMs)
})
