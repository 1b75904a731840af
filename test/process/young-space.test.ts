import { expect, test } from 'vitest'
import { holdYoungSpace } from '../../src/process/young-space.ts'
import { createTestClock } from '../support/clock.ts'

const mb = 1024 * 1024

test('the young space may grow in one step to its size, and no further until V8 has made it smaller', async () => {
  const clock = createTestClock()
  const factors: number[] = []
  let bytes = 2 * mb
  holdYoungSpace(clock, { youngBytes: () => bytes, setGrowth: (factor) => factors.push(factor) })
  for (bytes of [2 * mb, 8 * mb, 8 * mb, 32 * mb, 2 * mb]) await clock.advance(1000)
  expect(factors).toEqual([4, 1, 4])
})
