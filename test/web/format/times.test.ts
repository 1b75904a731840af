import { expect, test } from 'vitest'
import { dayMs, hourMs } from '../../../src/shared/time/durations.ts'
import { zoneNamed } from '../../../src/shared/time/zone.ts'
import { createTimes, formatAge, formatDuration, isoTime } from '../../../src/web/format/times.ts'

test.each([
  [0, '0 ms'],
  [0.0204, '20 ms'],
  [0.0949, '95 ms'],
  [0.25, '0.3s'],
  [41, '41.0s'],
  [59.94, '59.9s'],
  [59.95, '1m 0s'],
  [302, '5m 2s'],
  [3599.6, '1h 0m'],
  [7500, '2h 5m'],
  [90_000, '25h 0m'],
  [-1, '–'],
  [null, '–'],
  [undefined, '–'],
  [Number.NaN, '–'],
  [Number.POSITIVE_INFINITY, '–'],
])('a duration of %s s is shown as %s', (seconds, shown) => {
  expect(formatDuration(seconds)).toBe(shown)
})

test.each([
  [0, '0s'],
  [59_999, '59s'],
  [60_000, '1m'],
  [3_599_999, '59m'],
  [3_600_000, '1h'],
  [86_399_999, '23h'],
  [86_400_000, '1d'],
  [-5000, '0s'],
])('what has lasted %i ms is said to have lasted %s', (ms, shown) => {
  expect(formatAge(ms)).toBe(shown)
})

const at = Date.UTC(2026, 10, 2, 6, 4, 7, 500)
const inZone = (zone: string, now: number) => createTimes(zoneNamed(zone)!, now)

test.each([
  ['UTC', 0, 'now'],
  ['UTC', 999, 'now'],
  ['UTC', 1000, '1s ago'],
  ['UTC', -60_000, 'now'],
  ['UTC', 720_000, '12m ago'],
  ['UTC', dayMs - 1, '23h ago'],
  ['UTC', dayMs, 'Yesterday, 06:04'],
  ['Asia/Kolkata', dayMs, 'Yesterday, 11:34'],
  ['America/Los_Angeles', dayMs, 'Yesterday, 22:04'],
  // 17:55 hours later a third day begins in UTC, and two hours later in Los Angeles.
  ['UTC', dayMs + 18 * hourMs, '2 Nov, 06:04'],
  ['America/Los_Angeles', dayMs + hourMs, 'Yesterday, 22:04'],
  ['America/Los_Angeles', dayMs + 2 * hourMs, '1 Nov, 22:04'],
  ['UTC', 60 * dayMs, '2 Nov 2026'],
])('in %s a moment %i ms ago is called "%s"', (zone, ago, relative) => {
  const times = inZone(zone, at + ago)
  expect(times.moment(at)).toEqual({ iso: '2026-11-02T06:04:07.500Z', exact: times.exact(at), relative })
})

test('the title of a moment names it in the zone and in UTC', () => {
  expect(inZone('UTC', at).exact(at)).toBe('2 Nov 2026, 06:04:07 UTC')
  expect(inZone('Asia/Kolkata', at).exact(at)).toBe('2 Nov 2026, 11:34:07 (06:04:07 UTC)')
  expect(inZone('America/Los_Angeles', at).exact(at)).toBe('1 Nov 2026, 22:04:07 (2 Nov 2026, 06:04:07 UTC)')
})

test('a day has its weekday, and its year when that is another one', () => {
  expect(inZone('America/Los_Angeles', at).weekday(at)).toBe('Sun 1 Nov')
  expect(inZone('UTC', at + 365 * dayMs).weekday(at)).toBe('Mon 2 Nov 2026')
})

test('what lasts says since when', () => {
  expect(inZone('UTC', at + 720_000).lasting(at)).toEqual({
    iso: isoTime(at),
    exact: 'Since 2 Nov 2026, 06:04:07 UTC',
    relative: '12m',
  })
})

test('a moment that cannot be read is not known', () => {
  const { moment } = inZone('UTC', at)
  expect([null, undefined, Number.NaN].map(moment)).toEqual([undefined, undefined, undefined])
  expect([null, undefined, Number.NaN].map(isoTime)).toEqual([null, null, null])
})
