import { expect, test } from 'vitest'
import { healthy, refused, watchAgents } from '../support/agents/watched-agents.ts'

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

test.each([24 * hourMs, -24 * hourMs])(
  'nor does it make an agent flap, or this machine offline (%i ms)',
  async (ms) => {
    const names = Array.from({ length: 12 }, (_, index) => `agent-${index}`)
    let isAway = false
    const { monitor, clock, of } = watchAgents(names, {
      behave: () => ({ afterMs: 5, with: isAway ? refused() : healthy }),
    })
    monitor.start()
    await clock.advance(20_000)
    for (let time = 0; time < 5; time++) {
      isAway = !isAway
      clock.jump(ms)
      await clock.advance(40_000)
      expect(monitor.mayBeOffline()).toBe(isAway)
    }
    expect(of('agent-0').isFlapping).toBe(true)
    isAway = false
    await clock.advance(11 * 60_000)
    expect(of('agent-0')).toMatchObject({ isFlapping: false, state: 'healthy' })
  },
)
