import { describe, expect, test } from 'vitest'
import { formatAge, formatDuration, formatMoment, isoTime, presentMoment } from '../../../src/web/format/times.ts'

test.each([
  [0, '0.0s'],
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

describe('a moment', () => {
  const at = Date.UTC(2026, 10, 2, 6, 4, 7, 500)

  test('is exact in UTC', () => {
    expect(formatMoment(at)).toBe('2 Nov 2026, 06:04:07 UTC')
    expect(isoTime(at)).toBe('2026-11-02T06:04:07.500Z')
  })

  test.each([
    [0, 'now'],
    [999, 'now'],
    [1000, '1s ago'],
    [-60_000, 'now'],
    [720_000, '12m ago'],
    [30 * 86_400_000, '30d ago'],
    [30 * 86_400_000 + 1, '2 Nov 2026'],
  ])('that was %i ms ago is called "%s"', (ago, relative) => {
    expect(presentMoment(at, at + ago)).toEqual({ iso: isoTime(at), exact: formatMoment(at), relative })
  })

  test('that cannot be read is not known', () => {
    expect([null, undefined, Number.NaN].map((one) => presentMoment(one, at))).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect([null, undefined, Number.NaN].map(isoTime)).toEqual([null, null, null])
  })
})
