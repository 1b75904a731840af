import type { Clock } from '../../shared/time/clock.ts'
import type { FaultCause } from './cause.ts'

/** A fault has ended when it has not returned for this long: a full disk lets a little through now and then. */
const settledMs = 10_000
const metEveryMs = 60_000

/** A fault has begun, has ended, or was met by a read; or there is something to warn of. */
export type FaultListener = (change: 'begun' | 'ended' | 'met' | 'warned', cause: FaultCause) => void

export function createFaultReports(clock: Clock, onChange: FaultListener) {
  let settling: { kind: string; cancel: () => void } | undefined
  const metAt = new Map<string, number>()

  return {
    begun(cause: FaultCause): void {
      settling?.cancel()
      if (settling?.kind !== cause.kind) onChange('begun', cause)
      settling = undefined
    },

    ended(cause: FaultCause): void {
      const cancel = clock.after(settledMs, () => {
        settling = undefined
        onChange('ended', cause)
      })
      settling = { kind: cause.kind, cancel }
    },

    met(cause: FaultCause): void {
      const now = clock.elapsed()
      if (now - (metAt.get(cause.kind) ?? Number.NEGATIVE_INFINITY) < metEveryMs) return
      metAt.set(cause.kind, now)
      onChange('met', cause)
    },

    close: (): void => settling?.cancel(),
  }
}
