import { type Clock, steadyTime } from '../../shared/time/clock.ts'
import { dayMs, hourMs } from '../../shared/time/durations.ts'
import type { AuditStore } from '../../store/ports/audit.ts'
import { createBackgroundLoop } from '../background.ts'

const restMs = 20
const pace = { busyMs: 1000, retryMs: 60_000 }

/** Deletes entries that are older than `keepDays`, an hour late at most; 0 keeps them all. */
export function createAuditRetention(deps: {
  store: Pick<AuditStore, 'prune'>
  clock: Clock
  keepDays: number
  onError: (error: unknown) => void
}): { start(): void; stop(): Promise<void> } {
  const { store, clock, keepDays, onError } = deps
  const steady = steadyTime(clock)
  const loop = createBackgroundLoop({
    clock,
    async step() {
      // A clock that is set forward must not delete anything.
      const now = Math.min(clock.now(), steady())
      return { restMs: (await store.prune(now - keepDays * dayMs)) ? restMs : hourMs }
    },
    onError,
    pace,
  })
  return { start: () => keepDays > 0 && loop.start(), stop: loop.stop }
}
