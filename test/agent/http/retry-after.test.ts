import { expect, test } from 'vitest'
import { retryAfterMs } from '../../../src/agent/http/retry-after.ts'

const now = Date.UTC(2026, 10, 22, 16, 14, 30)
const after = (value: string, more: Record<string, string> = {}) => retryAfterMs({ 'retry-after': value, ...more }, now)

test.each([
  ['0', 0],
  ['1', 1000],
  [' 120 ', 120_000],
  ['1.5', 1500],
  ['300', 300_000],
  ['301', 300_000],
  ['99999999999999999999', 300_000],
  ['Sun, 22 Nov 2026 16:15:00 GMT', 30_000],
  ['Sunday, 22-Nov-26 16:15:00 GMT', 30_000],
  ['Mon, 23 Nov 2026 16:15:00 GMT', 300_000],
  ['Sun, 22 Nov 2026 16:00:00 GMT', 0],
])('%j is %i ms', (value, ms) => expect(after(value)).toBe(ms))

test.each([
  '',
  '-1',
  'soon',
  '1e3',
  '0x10',
  'Infinity',
  '2026-11-22T16:15:00Z',
  '5 s',
  'Sun, 99 Nov 2026 16:15:00 GMT',
])('%j asks for nothing', (value) => expect(after(value)).toBeUndefined())

test('without the header nothing is asked', () => expect(retryAfterMs({}, now)).toBeUndefined())

test('a moment is taken by the clock of the agent, where it says what time it has', () => {
  const date = 'Sun, 22 Nov 2026 12:00:00 GMT'
  expect(after('Sun, 22 Nov 2026 12:00:10 GMT', { date })).toBe(10_000)
  expect(after('Sun, 22 Nov 2026 16:14:40 GMT', { date: 'no date' })).toBe(10_000)
})
