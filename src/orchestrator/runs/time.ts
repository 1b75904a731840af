import type { Clock } from '../../shared/time/clock.ts'
import type { RunRecord } from '../../store/ports/runs.ts'

export type Moment = { at: number; sinceStartMs: number; durationMs: number }

export type RunTime = {
  moment(): Moment
  sent(): void
  sinceSentMs(): number
  /** Time that does not count as the run's duration. */
  idle<T>(wait: Promise<T>): Promise<T>
}

/** By the clock's `elapsed` within this process, by the wall clock before it. */
export function createRunTime(
  { now, elapsed }: Pick<Clock, 'now' | 'elapsed'>,
  run: Pick<RunRecord, 'startedAt' | 'sentAt'>,
): RunTime {
  const since = (at: number) => elapsed() - (Number.isFinite(at) ? Math.max(0, now() - at) : 0)
  const startedAt = since(run.startedAt)
  let sentAt = since(run.sentAt ?? run.startedAt)
  let idleMs = 0

  return {
    moment() {
      const sinceStartMs = elapsed() - startedAt
      return { at: now(), sinceStartMs, durationMs: sinceStartMs - idleMs }
    },

    sent() {
      sentAt = elapsed()
    },

    sinceSentMs: () => elapsed() - sentAt,

    async idle(wait) {
      const from = elapsed()
      try {
        return await wait
      } finally {
        idleMs += elapsed() - from
      }
    },
  }
}
