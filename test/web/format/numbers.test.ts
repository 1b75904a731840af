import { expect, test } from 'vitest'
import { formatBytes, formatCost, formatNumber } from '../../../src/web/format/numbers.ts'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1234, '1.2 kB'],
  [5_000_000, '5.0 MB'],
  [2.5e9, '2.5 GB'],
  [7e15, '7000.0 TB'],
  [null, '–'],
  [Number.NaN, '–'],
])('%s bytes read "%s"', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test.each([
  [0, '$0.00'],
  [0.0024, '$0.0024'],
  [0.00001, '$0.0000'],
  [0.5, '$0.5000'],
  [12.3456, '$12.35'],
  [999.999, '$1000.00'],
  [1234.5, '$1,234.50'],
  [-20_001_234.6, '$-20,001,234.60'],
  [null, '–'],
  [undefined, '–'],
])('a cost of %s is shown as %s', (usd, shown) => {
  expect(formatCost(usd)).toBe(shown)
})

test('unknown numbers are never shown as 0', () => {
  expect([1_234_567, 0, null, undefined, Number.NaN].map(formatNumber)).toEqual(['1,234,567', '0', '–', '–', '–'])
})
