import { expect, test } from 'vitest'
import { keepCosts } from '../../src/orchestrator/overview/costs.ts'
import { createTestClock } from '../support/clock.ts'

const ranges = [{ from: 0, to: 10 }]

async function readsOf(agents: number) {
  const clock = createTestClock()
  let reads = 0
  const costs = keepCosts(
    { costsByAgent: async () => [new Map(Array.from({ length: agents }, (_, index) => [`agent-${index}`, ++reads]))] },
    clock,
  )
  const readAfter = async (ms: number, of = ranges) => {
    await clock.advance(ms)
    return (await costs(of))[0]!.get('agent-0')
  }
  return { readAfter }
}

test('the costs of few agents are always those of now', async () => {
  const { readAfter } = await readsOf(99)
  expect([await readAfter(0), await readAfter(0), await readAfter(10_000)]).toEqual([1, 100, 199])
})

test('the costs of many agents may be ten seconds old, but are of the week that was asked for', async () => {
  const { readAfter } = await readsOf(100)
  expect([await readAfter(0), await readAfter(9999), await readAfter(1)]).toEqual([1, 1, 101])
  expect(await readAfter(0, [{ from: 10, to: 20 }])).toBe(201)
  // A reader in another zone costs nobody else a reading.
  expect(await readAfter(0)).toBe(101)
})
