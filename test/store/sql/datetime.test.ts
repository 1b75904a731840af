import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromDatetime, toDatetime } from '../../../src/store/sqlite/sql/datetime.ts'

const at = Date.UTC(2026, 10, 22, 16, 14, 30, 57)

test('a moment is written as the Python program writes it', () => {
  expect(toDatetime(at)).toBe('2026-11-22 16:14:30.057000')
  expect(toDatetime(Date.UTC(2026, 0, 1))).toBe('2026-01-01 00:00:00.000000')
})

test('every moment is read back to the millisecond, and sorts as text as it does in time', () => {
  const moment = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(9999, 11, 31) })
  fc.assert(
    fc.property(moment, moment, (one, other) => {
      expect(fromDatetime(toDatetime(one))).toBe(one)
      expect(toDatetime(one) < toDatetime(other)).toBe(one < other)
    }),
  )
})

test.each([
  ['2026-11-22 16:14:30', at - 57],
  ['2026-11-22T16:14:30', at - 57],
  ['2026-11-22 16:14:30.057', at],
  ['2026-11-22 16:14:30.057758', at],
  ['2026-11-22T16:14:30.057758', at],
  ['2026-11-22T16:14:30.057758123', at],
  ['2026-11-22 16:14:30.05', at - 7],
  ['2026-11-22T16:14:30.057Z', at],
  ['2026-11-22T16:14:30.057+00:00', at],
  ['2026-11-22T18:14:30.057+02:00', at],
  ['2026-11-22 11:14:30.057-0500', at],
  [' 2026-11-22 16:14:30.057 ', at],
])('older rows are read too: %j', (text, expected) => expect(fromDatetime(text)).toBe(expected))

test.each([
  '',
  'None',
  '2026-11-22',
  '16:14:30',
  '2026-13-22 16:14:30',
  '2026-11-22 25:14:30',
  'now',
  1795363270,
  null,
])('what is no moment is NaN, and never an error: %j', (text) => expect(fromDatetime(text)).toBeNaN())
