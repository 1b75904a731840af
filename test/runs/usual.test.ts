import { describe, expect, test } from 'vitest'
import { createEventStream } from '../../src/orchestrator/events.ts'
import { createUsualRuns } from '../../src/orchestrator/runs/usual.ts'
import type { CompletedRun } from '../../src/store/ports/runs.ts'

const run = { agentId: 'writer', workflow: 'write' }
const took = (...seconds: number[]): CompletedRun[] =>
  seconds.map((durationSeconds) => ({ durationSeconds, costUsd: null }))

function usualRuns(completed: CompletedRun[]) {
  const asked: string[] = []
  let elapsed = 0
  const events = createEventStream((error) => {
    throw error
  })
  const latestCompleted = async (...words: unknown[]) => {
    asked.push(words.join(' '))
    return completed
  }
  const usual = createUsualRuns({ latestCompleted }, { elapsed: () => elapsed }, events)
  const end = (agentId: string) =>
    events.emit('run-ended', {
      ...{ runId: 'a', agentId, status: 'completed', durationSeconds: 1 },
      ...{ totalTokens: null, totalCostUsd: null },
    })
  return { usual, asked, end, wait: (ms: number) => (elapsed += ms) }
}

describe('what a run usually takes', () => {
  test('is that within which half and 95 of 100 completed, whatever their order', async () => {
    const { usual } = usualRuns(took(...Array.from({ length: 50 }, (_, index) => ((index * 7) % 50) + 1)))
    expect(await usual(run)).toMatchObject({ p50Seconds: 25, p95Seconds: 48, p50CostUsd: undefined })
    expect((await usual(run))?.seconds.slice(0, 3)).toEqual([1, 2, 3])
  })

  test('is nothing under five runs; nor is the cost where few are known', async () => {
    expect(await usualRuns(took(1, 2, 3, 4)).usual(run)).toBeUndefined()
    const priced = took(1, 2, 3, 4, 5).map((one) => ({ ...one, costUsd: one.durationSeconds / 10 }))
    expect(await usualRuns(priced).usual(run)).toMatchObject({ p50Seconds: 3, p95Seconds: 5, p50CostUsd: 0.3 })
    expect(await usualRuns([...priced.slice(1), ...took(9)]).usual(run)).toMatchObject({ p50CostUsd: undefined })
  })

  test('is kept for ten seconds, or until a run of the agent has ended', async () => {
    const { usual, asked, end, wait } = usualRuns(took(1, 2, 3, 4, 5))
    await usual(run)
    await usual(run)
    await usual({ agentId: undefined, workflow: 'local' })
    expect(asked).toEqual(['writer write 50', 'local local 50'])
    end('other')
    wait(9999)
    await usual(run)
    expect(asked).toHaveLength(2)
    wait(1)
    await usual(run)
    expect(asked).toHaveLength(3)
    end('writer')
    await usual(run)
    expect(asked).toHaveLength(4)
  })
})
