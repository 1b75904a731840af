import { StoreBusyError } from '../shared/errors.ts'
import type { Clock } from '../shared/time/clock.ts'

export type StepResult = {
  /** When the next step is due. Undefined: when somebody wakes the loop. */
  restMs: number | undefined
  /** Something was written silently that open pages are to show. */
  hasNews?: boolean
  /** Nothing is left to do for now: news is announced at once. */
  isComplete?: boolean
}

export type BackgroundPace = {
  busyMs: number
  /** How long to rest after any other error. */
  retryMs: number
  /** News is announced this often while there is more to do. */
  announceEveryMs?: number
}

export type BackgroundLoop = {
  /** The first step comes now, or in `firstMs`. */
  start(firstMs?: number): void
  /** Has the next step come now; one that is running is followed by another. Starts a loop that was not started. */
  wake(): void
  /** Ends the loop; resolves when no step is running. */
  stop(): Promise<void>
  isStopped(): boolean
}

/** Work beside requests, in steps of a few milliseconds with a rest between them. A step that fails is reported and
 * tried again; `ready` holds it back, and `announce` tells whoever shows the data of what was written silently. */
export function createBackgroundLoop(deps: {
  clock: Pick<Clock, 'after' | 'elapsed'>
  step: () => Promise<StepResult>
  ready?: () => Promise<unknown>
  announce?: () => Promise<unknown>
  onError: (error: unknown) => void
  pace: BackgroundPace
}): BackgroundLoop {
  const { clock, step, ready, announce, onError, pace } = deps
  const { busyMs, retryMs, announceEveryMs = 0 } = pace
  let isStopped = false
  let isRunning = false
  let isWoken = false
  let hasNews = false
  let announcedAt = Number.NEGATIVE_INFINITY
  let cancelRest = () => {}
  let running: Promise<void> = Promise.resolve()

  async function announceNews(isComplete: boolean): Promise<void> {
    if (!hasNews || !(isComplete || clock.elapsed() - announcedAt >= announceEveryMs)) return
    announcedAt = clock.elapsed()
    await announce?.()
    hasNews = false
  }

  async function turn(): Promise<number | undefined> {
    try {
      if (ready) await ready()
      if (isStopped) return undefined
      const { restMs, hasNews: isNew = false, isComplete = false } = await step()
      hasNews ||= isNew
      await announceNews(isComplete)
      return restMs
    } catch (error) {
      if (error instanceof StoreBusyError) return busyMs
      // The store may have been closed under it by then.
      if (isStopped) return undefined
      onError(error)
      return retryMs
    }
  }

  async function run(): Promise<void> {
    isRunning = true
    let restMs: number | undefined
    do {
      isWoken = false
      restMs = await turn()
    } while (isWoken && !isStopped)
    isRunning = false
    if (restMs !== undefined && !isStopped) rest(restMs)
  }

  function rest(ms: number): void {
    cancelRest = clock.after(ms, wake)
  }

  function wake(): void {
    if (isStopped) return
    cancelRest()
    if (isRunning) isWoken = true
    else running = run()
  }

  return {
    start: (firstMs) => (firstMs === undefined ? wake() : rest(firstMs)),
    wake,
    async stop() {
      isStopped = true
      cancelRest()
      await running
    },
    isStopped: () => isStopped,
  }
}
