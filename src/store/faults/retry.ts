import type { Clock } from '../../shared/time/clock.ts'

const retryMs = 2000

/** One attempt after a while, at most one at a time. */
export function createRetry(clock: Clock, attempt: () => void) {
  let cancel: (() => void) | undefined

  return {
    start(): void {
      cancel ??= clock.after(retryMs, () => {
        cancel = undefined
        attempt()
      })
    },

    stop(): void {
      cancel?.()
      cancel = undefined
    },
  }
}
