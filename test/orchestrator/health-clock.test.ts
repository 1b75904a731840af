import { expect, test } from 'vitest'
import { healthy, watchAgents } from '../support/watched-agents.ts'

const hourMs = 3_600_000

test.each([24 * hourMs, -24 * hourMs])(
  'a wall clock that is set by %i ms during a check is not latency, and delays no check',
  async (ms) => {
    const { monitor, clock, of, checks } = watchAgents(['a'], {
      behave: () => ({ afterMs: 40, with: healthy }),
    })
    monitor.start()
    await clock.advance(10)
    clock.jump(ms)
    await clock.advance(100)
    expect(of('a')).toMatchObject({ state: 'healthy', latencyMs: 40 })
    clock.jump(ms)
    await clock.advance(10_000)
    expect(checks).toHaveLength(2)
    expect(of('a')).toMatchObject({ state: 'healthy', latencyMs: 40 })
  },
)
