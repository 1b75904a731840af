import type { Clock } from '../../shared/clock.ts'
import type { RunRecord } from '../../store/ports/runs.ts'

/** When something happens to a run: what the clock says, how long after the start, and how long the run has taken. */
export type Moment = { at: number; sinceStartMs: number; durationMs: number }

export type RunTime = ReturnType<typeof createRunTime>

/**
 * How long a run has gone on. Within this process a clock tells that which does not jump; what passed before is told by
 * the wall clock, as far as it makes sense.
 */
export function createRunTime(
  { now, elapsed }: Pick<Clock, 'now' | 'elapsed'>,
  run: Pick<RunRecord, 'startedAt' | 'sentAt'>,
) {
  const since = (at: number) => elapsed() - (Number.isFinite(at) ? Math.max(0, now() - at) : 0)
  const startedAt = since(run.startedAt)
  let sentAt = since(run.sentAt ?? run.startedAt)
  let idleMs = 0

  return {
    moment(): Moment {
      const sinceStartMs = elapsed() - startedAt
      return { at: now(), sinceStartMs, durationMs: sinceStartMs - idleMs }
    },

    sent(): void {
      sentAt = elapsed()
    },

    sinceSentMs: (): number => elapsed() - sentAt,

    /** To wait for the database, while nobody works on a run, is no part of its duration. */
    async idle<T>(wait: Promise<T>): Promise<T> {
      const from = elapsed()
      try {
        return await wait
      } finally {
        idleMs += elapsed() - from
      }
    },
  }
}
