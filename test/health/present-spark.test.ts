import { expect, test } from 'vitest'
import { presentSpark } from '../../src/web/health/latency-spark.ts'

const hours = (mean: (hour: number) => number | undefined) => Array.from({ length: 24 }, (_, hour) => mean(hour))

test('the line of an unbroken day is the edge of an area that stands on 0 ms', () => {
  const spark = presentSpark(hours((hour) => (hour === 23 ? 40 : 20)))!
  expect(spark.isBroken).toBe(false)
  // The slowest hour is the highest, half of it half as high.
  expect(spark.line).toMatch(/^M-2 19V9h3l3 0 .* 3-7h3V19$/)
  expect(spark.last).toEqual({ x: 70, y: 2 })
  expect(spark.label).toBe('Latency: 20 ms to 40 ms')
})

test('an hour without an answer is a gap, and a lone hour is seen', () => {
  const spark = presentSpark(hours((hour) => (hour === 3 || hour >= 20 ? 8 : undefined)))!
  expect(spark.isBroken).toBe(true)
  expect(spark.line).toBe('M10 2h1M61 2l3 0 3 0 3 0')
  expect(spark.label).toBe('Latency: 8 ms')
})

test('without an answer there is nothing to draw', () => {
  expect(presentSpark(hours(() => undefined))).toBeUndefined()
  expect(presentSpark(hours(() => 0))!.line).toMatch(/^M-2 19V16h3/)
})
