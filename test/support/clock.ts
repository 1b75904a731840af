import { type Clock, systemClock } from '../../src/shared/time/clock.ts'
import { questionsUnderWay } from './postgres/under-way.ts'

export type TestClock = Clock & {
  /** Time passes: runs every timer that comes due, in order, and lets what each of them began settle. */
  advance(ms: number): Promise<void>
  /** Time is suddenly later, as after a computer slept: a timer that comes due runs once, late. */
  leap(ms: number): Promise<void>
  /** Somebody sets the wall clock, forward or back: no time passes. */
  jump(ms: number): void
  /** How many timers wait. */
  timers(): number
}

/** A clock that stands still until it is told to move. Starts on 22 November 2026 unless told otherwise. */
export function createTestClock(start = Date.UTC(2026, 10, 22, 16, 14, 30, 57)): TestClock {
  let elapsed = 5000
  let sinceEpoch = start - elapsed
  const timers = new Set<{ at: number; run: () => void }>()

  async function runDue(until: number): Promise<void> {
    await settle()
    for (;;) {
      const [next] = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
      if (!next) return
      timers.delete(next)
      elapsed = Math.max(elapsed, next.at)
      next.run()
      await settle()
    }
  }

  return {
    now: () => sinceEpoch + elapsed,
    elapsed: () => elapsed,
    after(ms, run) {
      const timer = { at: elapsed + Math.max(0, ms), run }
      timers.add(timer)
      return () => {
        timers.delete(timer)
      }
    },
    async advance(ms) {
      const until = elapsed + ms
      await runDue(until)
      elapsed = until
    },
    async leap(ms) {
      elapsed += ms
      await runDue(elapsed)
    },
    jump(ms) {
      sinceEpoch += ms
    },
    timers: () => timers.size,
  }
}

/** Real time, but what waits waits a tenth as long: for tests in a browser, whose own time passes as it does. */
export function createHastyClock(times = 10): Clock {
  return { ...systemClock, after: (ms, run) => systemClock.after(ms / times, run) }
}

/**
 * Lets promises, what waits for setImmediate (the store's writer does) and what was asked of PostgreSQL run on; network
 * traffic takes longer.
 */
export async function settle(): Promise<void> {
  for (let round = 0; round < 10; round++) {
    await new Promise((resolve) => setImmediate(resolve))
    if (questionsUnderWay() > 0) round = 0
  }
}
