export type Clock = {
  /** The wall clock, in ms since 1970. It jumps when somebody sets it. */
  now(): number
  /** Monotonic, in ms: for limits and durations. */
  elapsed(): number
  /** Returns what cancels the call. */
  after(ms: number, run: () => void): () => void
}

/** The wall clock of now, moved on by elapsed time: setting the clock makes nothing older or younger. */
export function steadyTime({ now, elapsed }: Pick<Clock, 'now' | 'elapsed'>): () => number {
  const offset = now() - elapsed()
  return () => offset + elapsed()
}

export function pause(clock: Pick<Clock, 'after'>, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.after(ms, done)
    signal.addEventListener('abort', done)
  })
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
