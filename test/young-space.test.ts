import { expect, test } from 'vitest'
import { holdYoungSpace } from '../src/young-space.ts'

const mb = 1024 * 1024

test('the young space may grow in one step to its size, and no further until V8 has made it smaller', () => {
  const factors: number[] = []
  let bytes = 2 * mb
  let look = () => {}
  holdYoungSpace({
    youngBytes: () => bytes,
    setGrowth: (factor) => factors.push(factor),
    every: (_ms, run) => {
      look = run
    },
  })
  for (bytes of [2 * mb, 8 * mb, 8 * mb, 32 * mb, 2 * mb]) look()
  expect(factors).toEqual([4, 1, 4])
})
