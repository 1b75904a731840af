/** Time as the program sees it. All in milliseconds; tests bring their own. */
export type Clock = {
  /** The wall clock, since 1970: for moments that are shown or kept. It jumps when somebody sets it. */
  now(): number
  /** Since some moment of this process, and only ever forward: for limits and durations. */
  elapsed(): number
  /** Calls `run` once after `ms`; the returned function cancels it. */
  after(ms: number, run: () => void): () => void
}

/**
 * The wall clock of when this was called, moved on by the time that has passed since. What is kept for some time is as
 * old as this says: somebody who sets the wall clock makes nothing older or younger.
 */
export function steadyTime({ now, elapsed }: Pick<Clock, 'now' | 'elapsed'>): () => number {
  const offset = now() - elapsed()
  return () => offset + elapsed()
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
